/** What the stand-in model can talk about: the subject of the demo, in sentences that may be left out but not reordered. */
export interface Topic {
  /** As used inside a sentence. */
  name: string;
  keywords: RegExp;
  /** Sentences an answer may begin with. */
  leads: readonly [string, ...string[]];
  sentences: readonly string[];
  /** List items: name and explanation. */
  points: readonly (readonly [string, string])[];
  closings: readonly [string, ...string[]];
}

export const TOPICS: readonly Topic[] = [
  {
    name: 'distributed inference with llm-d',
    keywords: /llm-?d\b|distribut\w*|scale[- ]?out|replica\w*|shard\w*/gi,
    leads: [
      'Distributed inference spreads one model over several small GPUs; the router sends each request to the replica that already holds its prefix.',
      'llm-d is a Kubernetes-native layer around vLLM: it adds a scheduler that knows what every replica is doing before it places a request.',
      'With llm-d, the unit you scale is a pool of vLLM pods, and the intelligence sits in the routing between them.',
    ],
    sentences: [
      'Each replica holds the whole model, so adding one adds throughput without changing the answers.',
      'A plain load balancer counts connections, while an inference scheduler looks at queues and caches.',
      'When two users share a long document, sending both to the same pod saves the second prefill entirely.',
      'The gain is small at one user and grows with the load, because queues are what routing can shorten.',
      'Failures become smaller too: losing one pod of two halves the capacity instead of ending the service.',
      'Two small GPUs are often easier to get than one large one, and they can sit on different nodes.',
      'Since every pod exports the same metrics, the scheduler needs no agent inside the model server.',
      'Sharding a model over GPUs is a different tool: it is for models that do not fit on one card.',
    ],
    points: [
      ['Replicas', 'each pod serves the complete model, so requests are independent of each other.'],
      ['Endpoint picker', 'scores the pods for every request and chooses the best one.'],
      ['Prefix awareness', 'a conversation returns to the pod that still has its history in memory.'],
      ['Load awareness', 'a pod with a growing queue loses points until it has caught up.'],
      ['Gateway API', 'the InferencePool plugs the scheduler into standard Kubernetes routing.'],
    ],
    closings: [
      'Measure it with your own prompts: shared prefixes and real concurrency decide how much you gain.',
      'Start with two replicas and watch the hit rate before you add a third.',
    ],
  },
  {
    name: 'the vLLM engine',
    keywords: /\bvllm\b|engine\w*|batch\w*|continuous|schedul\w*|paged/gi,
    leads: [
      'vLLM runs one loop per GPU: every step it gathers all requests that can make progress and computes them together.',
      'The heart of vLLM is continuous batching, where new requests join the running batch at the next step instead of waiting for it to finish.',
    ],
    sentences: [
      'A decode step reads all the weights once, no matter how many requests share it.',
      'Ten users are served almost as fast as one, until the compute limit is reached.',
      'Long prompts are cut into chunks so that they do not block the others for too long.',
      'Each request takes one token of the budget while it decodes and many while it prefills.',
      'Memory for keys and values is handed out in blocks of sixteen tokens, which avoids fragmentation.',
      'If blocks run out, the newest request steps back and is computed again later.',
      'The server speaks the OpenAI protocol, so existing clients only need a new address.',
      'Its metrics page tells you running and waiting requests, cache use and latency histograms.',
    ],
    points: [
      ['Continuous batching', 'requests enter and leave the batch at every step.'],
      ['Paged attention', 'the cache lives in fixed-size blocks, like pages of memory.'],
      ['Chunked prefill', 'long prompts share steps with running answers.'],
      ['Prefix caching', 'blocks of earlier prompts are found again by their hash.'],
      ['Preemption', 'under memory pressure the latest request gives its blocks back.'],
    ],
    closings: [
      'Together these keep the GPU busy without letting a single user wait too long.',
      'Most of it is on by default; the context length and the memory share are what you tune.',
    ],
  },
  {
    name: 'the KV cache',
    keywords: /kv\b|cache\w*|prefix\w*|hit rate|memory|reuse\w*|document\w*/gi,
    leads: [
      'The KV cache holds the attention keys and values of every token seen so far, so the model never reads the same token twice.',
      'Think of the KV cache as the working memory of a conversation: what is in it does not have to be computed again.',
      'Prefix caching means that two prompts with the same beginning share the work for that beginning.',
    ],
    sentences: [
      'The cache grows by one entry per token and layer, and it usually limits how many users fit on a card.',
      'Storing the cache in FP8 instead of BF16 doubles the number of tokens that fit.',
      'A hit is counted in whole blocks of sixteen tokens, starting from the first token of the prompt.',
      'Changing a single word at the beginning of a prompt makes everything behind it a miss.',
      'On an L4, every thousand cached tokens save about one second before the first word appears.',
      'Blocks that nobody uses stay in memory until space is needed, the oldest ones going first.',
      'With several replicas, the cache helps only if the conversation comes back to the same pod.',
      'Put the stable part of a prompt first, such as the system text and the document, and the question last.',
    ],
    points: [
      ['What it stores', 'keys and values per layer for each token of the context.'],
      ['What it costs', '160 KiB per token for this model in BF16, half of that in FP8.'],
      ['What it saves', 'the prefill of every block that is found again.'],
      ['What breaks it', 'a different first token, or a pod that has never seen the text.'],
      ['How to watch it', 'compare prefix cache hits with queries on the metrics page.'],
    ],
    closings: [
      'So the best prompt design is boring at the start and specific at the end.',
      'A high hit rate is visible at once as a shorter time to first token.',
    ],
  },
  {
    name: 'the inference gateway',
    keywords: /gateway\w*|rout(?:e|er|es|ing)\b|endpoint\w*|picker|epp\b|pool\w*|envoy|load[- ]balanc\w*/gi,
    leads: [
      'The gateway is the door: it ends TLS, finds the HTTPRoute and asks the endpoint picker which pod should answer.',
      'The endpoint picker scores every ready pod for each request, and the gateway forwards to the winner.',
    ],
    sentences: [
      'Two scores are added by default: how much of the prompt the pod has probably cached, and how short its queue is.',
      'The prefix score weighs twice as much as the load score.',
      'The picker remembers prompts in blocks of 64 characters, so it needs no tokenizer.',
      'A decision takes well under a millisecond, which is nothing next to a prefill.',
      'An InferencePool selects the pods by label, just as a Service does.',
      'If the picker is down, traffic still flows, but it is spread without any knowledge of the caches.',
      'A Route that points straight at the pods bypasses all this and behaves like any load balancer.',
      'Because it is the Kubernetes Gateway API, policies for authentication and limits attach in the usual way.',
    ],
    points: [
      ['Gateway', 'listens for HTTPS and owns the address.'],
      ['HTTPRoute', 'maps the path of the model to its pool.'],
      ['InferencePool', 'names the pods and the picker in front of them.'],
      ['Endpoint picker', 'chooses one pod for each request.'],
      ['Model server', 'a vLLM pod that streams the answer back.'],
    ],
    closings: [
      'The response header of the picker proves that a request really went this way.',
      'If the counters of the picker do not move, the traffic takes another path.',
    ],
  },
  {
    name: 'OpenShift AI',
    keywords:
      /openshift\w*|rhoai|red ?hat\w*|kserve\w*|operator\w*|platform\w*|kubernetes\w*|llminferenceservice|gitops|argo\w*/gi,
    leads: [
      'OpenShift AI turns model serving into ordinary Kubernetes work: you declare an LLMInferenceService and the controller creates the rest.',
      'On OpenShift AI, a distributed model is one custom resource that names the model, the replicas and the router.',
    ],
    sentences: [
      'The controller creates a Deployment for the engine, another for the scheduler, a pool and a route.',
      'Conditions on the resource tell you whether the workload and the router are ready.',
      'Hardware profiles keep GPU requests and tolerations out of the hands of every single user.',
      'Kueue can hold pods back until the quota of the team allows them.',
      'Model weights can come as container images, so the same registry rules apply to them.',
      'User workload monitoring scrapes the engines, which makes latency visible next to everything else.',
      'Git holds the desired state and Argo CD keeps the cluster in step with it.',
      'Nothing here is tied to one cloud: a cluster with GPU nodes is enough.',
    ],
    points: [
      ['LLMInferenceService', 'the resource you write.'],
      ['Engine pods', 'vLLM with the model, one GPU each.'],
      ['Router and scheduler', 'the way in, and the brain behind it.'],
      ['Monitoring', 'metrics of engine and scheduler in one place.'],
      ['Quota', 'queues decide who may use the GPUs now.'],
    ],
    closings: [
      'Ask `oc get llminferenceservice` first; its conditions say which part is missing.',
      'Once it is in Git, a second cluster is one more target and not one more project.',
    ],
  },
  {
    name: 'latency',
    keywords:
      /latenc\w*|ttft|tpot|itl|first token|fast\w*|slow\w*|speed\w*|throughput|token\w*|p9\d|percentile\w*/gi,
    leads: [
      'Two numbers describe what a user feels: the time to the first token, and the pace of the tokens after it.',
      'Time to first token is mostly waiting and prefill; the gap between tokens is mostly memory bandwidth.',
    ],
    sentences: [
      'On a single L4 this model writes about nineteen tokens per second for one user.',
      'The pace falls slowly as more users share the step, while total throughput rises.',
      'A prompt of 256 tokens needs roughly a quarter of a second before the first word.',
      'Prompts that arrive together are read one after the other, so the last one waits for all of them.',
      'A cached prefix removes its share of that wait.',
      'Percentiles from histogram buckets are estimates, so look at the mean beside them.',
      'Reading speed is about five words per second, which is a useful yardstick for the pace.',
      'Measure close to the server first and then add the network, otherwise the two get mixed up.',
    ],
    points: [
      ['Time to first token', 'queueing plus reading the prompt.'],
      ['Inter-token latency', 'one decode step, shared by the whole batch.'],
      ['End to end', 'the first plus the second times the length of the answer.'],
      ['Throughput', 'tokens of all users together per second.'],
    ],
    closings: [
      'Optimise the first for chat and the last for batch jobs.',
      'If only the first number hurts, look at routing and caching before you buy hardware.',
    ],
  },
  {
    name: 'GPUs and quantization',
    keywords:
      /gpu\w*|l4\b|int4|fp8|w4a16|quanti[sz]\w*|nvidia\w*|hardware|cost\w*|price\w*|dollar\w*|cheap\w*|energy|watt\w*/gi,
    leads: [
      'Quantizing the weights to four bits brings a 24-billion-parameter model down to about 13 GiB, small enough for one L4.',
      'The L4 is a modest card with 24 GB of memory, 300 GB/s of bandwidth and a limit of 72 watts, and that is exactly why it is interesting.',
    ],
    sentences: [
      'Decoding is limited by memory bandwidth, so smaller weights mean faster tokens.',
      'Prefill is limited by compute, where four-bit weights help much less.',
      'Accuracy drops very little when the activations stay in sixteen bits.',
      'What remains of the memory after the weights belongs to the KV cache.',
      'Compare costs per million tokens and not per hour, because an idle GPU costs the same.',
      'Two L4 cards draw less power than one large training card at idle.',
      'Without NVLink, splitting one model over several L4 cards pays the price of PCIe on every layer.',
      'Replicas with a good router are the natural way to scale on this kind of node.',
    ],
    points: [
      ['Weights', 'about 13 GiB at four bits.'],
      ['Bandwidth', '300 GB/s, hence about 50 ms for one pass over the weights.'],
      ['Compute', 'roughly a thousand prompt tokens per second.'],
      ['Cache', 'whatever memory is left, which bounds the number of users.'],
      ['Power', '72 watts at most, no external connector.'],
    ],
    closings: [
      'Choose the smallest card that holds the model and scale out from there.',
      'The right question is not which card is fastest, but which one is busy.',
    ],
  },
  {
    name: 'scaling and operations',
    keywords:
      /autoscal\w*|keda|hpa|kueue|leaderworkerset|lws|disaggregat\w*|fail\w*|restart\w*|monitor\w*|prometheus|metric\w*|upgrade\w*|quota\w*/gi,
    leads: [
      'Scaling a language model is slower than scaling a web server, because a new pod first has to load gigabytes of weights.',
      'Operating inference well is mostly about queues: watch how long requests wait, and act before users notice.',
    ],
    sentences: [
      'A queue that stays above zero is the clearest sign that another replica is needed.',
      'GPU utilization is a poor signal, since any decoding keeps it close to one hundred percent.',
      'Keep at least one spare replica if a restart of several minutes would hurt.',
      'Prefill and decode can run in separate pods when long prompts disturb running answers.',
      'A LeaderWorkerSet starts and restarts a group of pods as one unit.',
      'Kueue admits workloads in order, so a benchmark cannot push the demo off its GPUs.',
      'When a pod disappears, its cached prefixes are gone, and the first turns afterwards are slower.',
      'Alerts on the share of requests above a latency target are more honest than alerts on averages.',
    ],
    points: [
      ['Queue depth', 'requests that wait for a place in the batch.'],
      ['Cache use', 'close to one hundred percent means preemptions are near.'],
      ['Time to first token', 'what users notice first.'],
      ['Restarts', 'each one costs minutes of loading.'],
      ['Quota', 'pending pods with a scheduling gate wait for it.'],
    ],
    closings: [
      'Write down the target first and choose the signal afterwards.',
      'Rehearse the loss of a pod once; it is the best way to trust the dashboard.',
    ],
  },
  {
    name: 'prefill and decode',
    keywords: /prefill\w*|decod\w*|everyday|comparison|phases?\b/gi,
    leads: [
      'Think of a cook with an order: reading the whole recipe is prefill, and serving the dish bite by bite is decode.',
      'A language model first reads and then writes, and the two phases ask different things of the hardware.',
    ],
    sentences: [
      'Reading can be done in one go, since every word of the recipe is already on the page.',
      'Serving cannot: each bite follows from the one before, so there is a rhythm that nobody can hurry.',
      'While the cook reads a long recipe, the guests at the other tables wait for their next bite.',
      'That is why long recipes are read in portions between the bites.',
      'A cook who has read the recipe before starts serving almost at once, and that is what a prefix cache is.',
      'Prefill keeps the arithmetic units of the GPU busy; decode keeps its memory busy.',
      'The first phase decides how long you wait for the first word, the second how fast the words come.',
    ],
    points: [
      ['Prefill', 'reads the whole prompt at once, limited by compute.'],
      ['First token', 'appears when the reading is done.'],
      ['Decode', 'writes one token per step, limited by memory bandwidth.'],
      ['Batching', 'shares each of these steps between all users.'],
    ],
    closings: [
      'Keep the two apart when you measure, and you know at once what to improve.',
      'A slow first word is a reading problem, a slow pace is a writing problem.',
    ],
  },
  {
    name: 'the business case',
    keywords: /chief financial|\bcfo\b|business|invest\w*|budget\w*|plain words|better choice|worth\b/gi,
    leads: [
      'Two small graphics cards are like two delivery vans instead of one lorry: each carries less, but both can be on the road.',
      'Small cards are bought one by one, as the demand grows, while a large one has to be paid in full on the first day.',
    ],
    sentences: [
      'If one van breaks down, half of the parcels still arrive on time.',
      'A second small card can be switched off or lent to another team when the day is quiet.',
      'The dispatcher matters: it sends each parcel to the van that already drives that way.',
      'They are not the better choice when a single parcel does not fit into a van, that is, when the model is too large for one card.',
      'Nor are they when one customer has to be served as fast as possible, because two vans do not drive faster than one.',
      'What counts is the cost of an answered question, and not the price of a card.',
      'An idle card costs as much as a busy one, so start with what today’s demand fills.',
    ],
    points: [
      ['Entry price', 'smaller steps, and each one only when it is needed.'],
      ['Risk', 'losing one of two halves the service instead of ending it.'],
      ['Speed of one answer', 'not better than with one small card.'],
      ['Largest model', 'bounded by the memory of one card.'],
    ],
    closings: [
      'Ask for the cost of a thousand answers at the load you expect, and compare that.',
      'In short: many ordinary questions favour small cards, few heavy ones favour a large card.',
    ],
  },
  {
    name: 'a slow model server',
    keywords: /runbook\w*|slow\w*|queues?\b|step by step|operations staff|add a replica|overload\w*/gi,
    leads: [
      'Find out first what is slow: the first word, or the pace of the words after it.',
      'A model server that has become slow is either waiting, out of memory, or asked for more than one card can do.',
    ],
    sentences: [
      'If requests wait, look at how many of them and for how long.',
      'If nothing waits and the pace is low, the batch has grown and everybody shares the steps.',
      'Preemptions in the counters say that the cache is too small for the conversations in it.',
      'A hit rate that has dropped points at the way the requests take, and not at the engine.',
      'One slow pod among several shows in the view by pod long before it shows in the mean.',
      'Add a replica when the queue stays above zero although the cache is in use.',
    ],
    points: [
      ['Look at the queue', 'requests waiting, by pod, over the last five minutes.'],
      [
        'Look at the cache',
        'near one hundred percent means preemptions, near zero means that nothing arrives.',
      ],
      ['Compare the pods', 'one slow pod is a fault, all slow pods are a load.'],
      ['Check the way in', 'the scheduler must be in the path, or the hit rate falls.'],
      ['Shed what can wait', 'stop benchmarks and batch jobs first.'],
      ['Decide', 'if the queue stays above zero for ten minutes, add a replica and check its quota.'],
    ],
    closings: [
      'Write down what you saw before you changed anything; the next shift will thank you.',
      'A new replica helps only after its model has loaded, so decide early.',
    ],
  },
];
