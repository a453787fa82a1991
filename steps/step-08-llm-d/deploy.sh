#!/usr/bin/env bash
# Deploys step 08 (distributed inference with llm-d), after looking whether the cluster can carry it.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: deploy.sh [--check] [--apply | --argocd | --delete] [--wait] [--dry-run] [options]

  --check            look at the gates and say what stands in the way (also the default)
  --apply            check, then apply the overlay
  --argocd           check, then create the Argo CD application that applies it
  --delete           remove what --apply or --argocd made; a Gateway and its class stay
  --wait             wait until the service is up (or gone)
  --dry-run          go through with --apply, --argocd or --delete without changing anything

  --overlay NAME     demo, gateway or authenticated (default demo)
  --timeout SECONDS  how long --wait waits (default 900)
  --repo URL, --revision NAME
                     where Argo CD finds this repository (default: gitops/argocd/app-of-apps/parameters.env)

Works with oc or kubectl (KUBE names another program). Exit code: 0 done, 1 refused or failed, 2 wrong option.
USAGE
}

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
GITOPS=$(cd "$HERE/../../gitops" && pwd)

NAMESPACE=private-ai
SERVICE=mistral-3-distributed
BASELINE=mistral-3-int4
REPLICAS=2
INSTANCE_TYPE=g6.4xlarge
LOCAL_QUEUE=default
GATEWAY_NAMESPACE=openshift-ingress
GATEWAY=openshift-ai-inference
ARGOCD_NAMESPACE=openshift-gitops
APPLICATION=step-08-llm-d
MANAGER=step-08-deploy
POLL_SECONDS=${POLL_SECONDS:-5}

ACTION=check
WAIT=no
DRY_RUN=no
OVERLAY=demo
TIMEOUT=900
REPO=
REVISION=

wrong() {
  echo "deploy.sh: $1" >&2
  usage >&2
  exit 2
}

choose() {
  [[ $ACTION == check || $ACTION == "$1" ]] || wrong "--$ACTION and --$1 exclude each other"
  ACTION=$1
}

while (($# > 0)); do
  case $1 in
    --check) ;;
    --apply | --argocd | --delete) choose "${1#--}" ;;
    --wait) WAIT=yes ;;
    --dry-run) DRY_RUN=yes ;;
    --overlay | --timeout | --repo | --revision)
      (($# > 1)) || wrong "$1 needs a value"
      case $1 in
        --overlay) OVERLAY=$2 ;;
        --timeout) TIMEOUT=$2 ;;
        --repo) REPO=$2 ;;
        --revision) REVISION=$2 ;;
      esac
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) wrong "there is no option $1" ;;
  esac
  shift
done

[[ $OVERLAY =~ ^(demo|gateway|authenticated)$ ]] || wrong "--overlay $OVERLAY: there are demo, gateway, authenticated"
[[ $TIMEOUT =~ ^[0-9]{1,5}$ ]] || wrong "--timeout $TIMEOUT: expected seconds"

KUBE=${KUBE:-$(command -v oc || command -v kubectl || true)}
[[ -n $KUBE ]] || {
  echo "deploy.sh: neither oc nor kubectl is on the PATH." >&2
  exit 1
}

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

kube() {
  "$KUBE" --request-timeout=20s "$@"
}

# Looks something up. ANSWER: what was found. SIGHT: seen, absent, not-installed, forbidden or unreachable.
ANSWER=
SIGHT=
REFUSAL=
look() {
  if ANSWER=$(kube "$@" 2>"$WORK/error"); then
    SIGHT=seen
    return
  fi
  REFUSAL=$(head -n 3 "$WORK/error" | tr '\n' ' ')
  case $REFUSAL in
    *"doesn't have a resource type"* | *"could not find the requested resource"* | *"no matches for kind"* | *"404 page not found"*) SIGHT=not-installed ;;
    *"(NotFound)"*) SIGHT=absent ;;
    *"(Forbidden)"*) SIGHT=forbidden ;;
    *) SIGHT=unreachable ;;
  esac
}

BLOCKED=0

# verdict STATUS ID BLOCKS FINDING [REMEDY]: one line, and one with the remedy where something is to be done.
verdict() {
  local status=$1 id=$2 blocks=$3 finding=$4 remedy=${5:-}
  printf '%-14s %-28s %s\n' "$status" "$id" "$finding"
  [[ $status == pass || $status == not-applicable || -z $remedy ]] || printf '%-43s → %s\n' '' "$remedy"
  if [[ $blocks == yes && $status != pass && $status != not-applicable ]]; then BLOCKED=$((BLOCKED + 1)); fi
}

# A look that gave no answer is neither good nor bad. Returns 1 where there is one.
unseen() {
  local id=$1 blocks=$2 what=$3
  case $SIGHT in
    forbidden) verdict unknown "$id" "$blocks" "May not look: $REFUSAL" "Ask for the right to read $what." ;;
    unreachable) verdict unknown "$id" "$blocks" "No answer: $REFUSAL" "Check the login and the address of the cluster." ;;
    *) return 1 ;;
  esac
}

# True where version $1 is at least $2, both x.y.z.
at_least() {
  [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]
}

gate_cluster_version() {
  look get clusterversions.config.openshift.io version \
    -o 'jsonpath={range .status.history[?(@.state=="Completed")]}{.version}{"\n"}{end}'
  unseen cluster-version no clusterversions.config.openshift.io && return
  local version=${ANSWER%%$'\n'*} remedy="Update OpenShift to 4.20."
  if [[ $SIGHT != seen || -z $version ]]; then
    verdict fail cluster-version yes "This is no OpenShift cluster, or it never finished an installation." "$remedy"
  elif at_least "$version" 4.20.0; then
    verdict pass cluster-version yes "OpenShift $version."
  elif at_least "$version" 4.19.9; then
    verdict warn cluster-version no "OpenShift $version; llm-d is a technology preview below 4.20." "$remedy"
  else
    verdict fail cluster-version yes "OpenShift $version is too old." "$remedy"
  fi
}

gate_platform() {
  look get datascienceclusters.datasciencecluster.opendatahub.io \
    -o 'jsonpath={range .items[*]}{.metadata.name}{" "}{.spec.components.kserve.managementState}{" "}{.status.conditions[?(@.type=="KserveReady")].status}{"\n"}{end}'
  unseen rhoai-platform no datascienceclusters && return
  local name managed ready remedy="Install OpenShift AI 3.0 and set kserve to Managed in its DataScienceCluster."
  read -r name managed ready <<<"${ANSWER%%$'\n'*}" || true
  if [[ $SIGHT != seen ]]; then
    verdict fail rhoai-platform yes "OpenShift AI is not installed." "$remedy"
  elif [[ -z $name ]]; then
    verdict fail rhoai-platform yes "There is no DataScienceCluster." "$remedy"
  elif [[ $managed != Managed || $ready != True ]]; then
    verdict fail rhoai-platform yes "DataScienceCluster $name: kserve is ${managed:-not set}, KserveReady ${ready:-unknown}." "$remedy"
  else
    verdict pass rhoai-platform yes "DataScienceCluster $name manages kserve, and it is ready."
  fi
}

gate_gpu_operator() {
  look get clusterpolicies.nvidia.com -o 'jsonpath={range .items[*]}{.status.state}{"\n"}{end}'
  unseen gpu-operator no clusterpolicies.nvidia.com && return
  local remedy="Repair the GPU operator of step 01."
  if [[ $SIGHT == seen ]] && grep -qx ready <<<"$ANSWER"; then
    verdict pass gpu-operator yes "ClusterPolicy is ready."
  else
    verdict fail gpu-operator yes "The GPU operator has no ready ClusterPolicy." "$remedy"
  fi
}

# Lines "NODE FREE": usable nodes of the type with GPUs that nobody holds.
NODES=
gate_gpu_nodes() {
  look get nodes -l "node.kubernetes.io/instance-type=$INSTANCE_TYPE" \
    -o 'jsonpath={range .items[*]}{.metadata.name}{" "}{.spec.unschedulable}{"/"}{.status.conditions[?(@.type=="Ready")].status}{" "}{.status.allocatable.nvidia\.com/gpu}{"\n"}{end}'
  unseen gpu-nodes no nodes && return
  NODES=$(awk '$2 == "/True" && $3 >= 1 { print $1, $3 }' <<<"$ANSWER")
  local count wanted=$REPLICAS remedy="Scale the MachineSet of $INSTANCE_TYPE (step 01); a new node takes three to ten minutes."
  count=$(grep -c . <<<"$NODES" || true)
  look get inferenceservices.serving.kserve.io -n "$NAMESPACE" "$BASELINE" -o name
  [[ $SIGHT != seen ]] || wanted=$((REPLICAS + 1))
  if ((count >= wanted)); then
    verdict pass gpu-nodes yes "$count nodes of type $INSTANCE_TYPE are ready with a GPU."
  elif ((count >= REPLICAS)); then
    verdict warn gpu-nodes no "$count nodes of type $INSTANCE_TYPE are ready with a GPU; both arms need $wanted." "$remedy"
  elif ((count > 0)); then
    verdict warn gpu-nodes yes "$count of $REPLICAS needed nodes of type $INSTANCE_TYPE are ready with a GPU." "$remedy"
  else
    verdict fail gpu-nodes yes "$count of $REPLICAS needed nodes of type $INSTANCE_TYPE are ready with a GPU." "$remedy"
  fi
}

# Engines that hold a GPU already, so that a second run asks for nothing twice.
running_engines() {
  look get pods -n "$NAMESPACE" \
    -l "app.kubernetes.io/name=$SERVICE,app.kubernetes.io/part-of=llminferenceservice,kserve.io/component=workload" \
    -o 'jsonpath={range .items[?(@.spec.nodeName)]}{.metadata.name}{" "}{.metadata.deletionTimestamp}{"\n"}{end}'
  if [[ $SIGHT == seen ]]; then awk 'NF == 1' <<<"$ANSWER" | grep -c . || true; else echo 0; fi
}

# Engines that Kueue has let in, whether or not they have found a node.
admitted_engines() {
  look get pods -n "$NAMESPACE" \
    -l "app.kubernetes.io/name=$SERVICE,app.kubernetes.io/part-of=llminferenceservice,kserve.io/component=workload" \
    -o 'jsonpath={range .items[*]}{.metadata.name}{" "}{.spec.schedulingGates[*].name}{.metadata.deletionTimestamp}{"\n"}{end}'
  if [[ $SIGHT == seen ]]; then awk 'NF == 1' <<<"$ANSWER" | grep -c . || true; else echo 0; fi
}

gate_gpu_capacity() {
  local needed running free remedy="Free a GPU, or add a node of type $INSTANCE_TYPE."
  [[ -n $NODES ]] || return 0
  running=$(running_engines)
  needed=$((REPLICAS > running ? REPLICAS - running : 0))
  look get pods -A --field-selector=status.phase!=Succeeded,status.phase!=Failed \
    -o 'jsonpath={range .items[*]}{.spec.nodeName}{" "}{range .spec.containers[*]}{.resources.requests.nvidia\.com/gpu}{" "}{end}{"\n"}{end}'
  unseen gpu-capacity no "pods of all namespaces" && return
  free=$(awk '
    NR == FNR { free[$1] = $2; next }
    $1 in free { for (field = 2; field <= NF; field++) free[$1] -= $field }
    END { for (node in free) if (free[node] > 0) sum += free[node]; print sum + 0 }
  ' <(printf '%s\n' "$NODES") <(printf '%s\n' "$ANSWER"))
  if ((free >= needed)); then
    verdict pass gpu-capacity yes "$free GPUs are free on nodes of type $INSTANCE_TYPE, $needed more needed."
  else
    verdict fail gpu-capacity yes "$free GPUs are free on nodes of type $INSTANCE_TYPE, $needed more needed." "$remedy"
  fi
}

gate_api() {
  look get --raw /apis/serving.kserve.io/v1alpha1
  unseen llminferenceservice-api yes "the API's discovery" && return
  if [[ $SIGHT == seen && $ANSWER == *'"name":"llminferenceservices"'* ]]; then
    verdict pass llminferenceservice-api yes "serving.kserve.io/v1alpha1 serves llminferenceservices."
  else
    verdict fail llminferenceservice-api yes "serving.kserve.io/v1alpha1 does not serve llminferenceservices." \
      "Set kserve to Managed in the DataScienceCluster of OpenShift AI 3.0."
  fi
}

gate_leader_worker_set() {
  look get --raw /apis/leaderworkerset.x-k8s.io/v1
  unseen leaderworkerset-api no "the API's discovery" && return
  if [[ $SIGHT == seen && $ANSWER == *'"name":"leaderworkersets"'* ]]; then
    verdict pass leaderworkerset-api no "leaderworkerset.x-k8s.io/v1 serves leaderworkersets; replicas do not use it."
  else
    verdict warn leaderworkerset-api no "leaderworkersets are not served; replicas do not need them." \
      "Create LeaderWorkerSetOperator/cluster where groups over several nodes are wanted."
  fi
}

gate_gateway() {
  local needed=no programmed protocols remedy="See gitops/step-08-llm-d/components/gateway; a cluster administrator's task."
  [[ $OVERLAY == demo ]] || needed=yes
  look get gateways.gateway.networking.k8s.io -n "$GATEWAY_NAMESPACE" "$GATEWAY" \
    -o 'jsonpath={.status.conditions[?(@.type=="Programmed")].status}{" "}{.spec.listeners[*].protocol}'
  unseen inference-gateway-object "$needed" "gateways in $GATEWAY_NAMESPACE" && return
  read -r programmed protocols <<<"$ANSWER" || true
  if [[ $SIGHT == not-installed ]]; then
    local status=not-applicable
    [[ $needed == no ]] || status=fail
    verdict "$status" inference-gateway-object "$needed" "The Gateway API is not installed." "$remedy"
  elif [[ $SIGHT == absent && $needed == yes ]]; then
    verdict warn inference-gateway-object no "Gateway $GATEWAY_NAMESPACE/$GATEWAY does not exist; the overlay $OVERLAY makes it." "$remedy"
  elif [[ $SIGHT == absent ]]; then
    verdict warn inference-gateway-object no "Gateway $GATEWAY_NAMESPACE/$GATEWAY does not exist; the demo then runs through its Route, past the scheduler." "$remedy"
  elif [[ $programmed != True ]]; then
    verdict fail inference-gateway-object "$needed" "Gateway $GATEWAY_NAMESPACE/$GATEWAY is not programmed." "$remedy"
  elif [[ $protocols != *HTTPS* ]]; then
    verdict warn inference-gateway-object no "Gateway $GATEWAY_NAMESPACE/$GATEWAY is programmed, plain HTTP only (no TLS)." \
      "Add components/gateway-tls before a token travels through it."
  else
    verdict pass inference-gateway-object "$needed" "Gateway $GATEWAY_NAMESPACE/$GATEWAY is programmed."
  fi
}

gate_maas() {
  look get --raw /apis/maas.opendatahub.io
  unseen maas-inferencegateway-absent no "the API's discovery" && return
  if [[ $SIGHT == seen ]]; then
    verdict warn maas-inferencegateway-absent no "maas.opendatahub.io is served; step 08 does not use it."
  else
    verdict pass maas-inferencegateway-absent no "InferenceGateway is absent, as on every OpenShift AI 3.0."
  fi
}

gate_connectivity_link() {
  local needed=no remedy="Install Red Hat Connectivity Link, create Kuadrant in kuadrant-system, restart the two serving controllers."
  [[ $OVERLAY != authenticated ]] || needed=yes
  look get kuadrants.kuadrant.io -n kuadrant-system kuadrant \
    -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}'
  unseen connectivity-link "$needed" "kuadrants in kuadrant-system" && return
  if [[ $SIGHT == seen && $ANSWER == True ]]; then
    verdict pass connectivity-link "$needed" "Kuadrant is ready."
  elif [[ $needed == yes ]]; then
    verdict fail connectivity-link yes "Kuadrant is not ready, and the overlay authenticated needs it." "$remedy"
  else
    verdict warn connectivity-link no "Kuadrant is not ready; without authentication nothing needs it." "$remedy"
  fi
}

gate_queues() {
  local managed queue active cluster_queue pending flavors admitted needed free remedy
  look get namespace "$NAMESPACE" -o 'jsonpath={.metadata.labels.kueue\.openshift\.io/managed}'
  managed=$ANSWER
  if [[ $SIGHT == absent ]]; then
    verdict fail namespace yes "Namespace $NAMESPACE does not exist." "Step 03 creates it."
    return
  fi
  unseen namespace yes "namespace $NAMESPACE" && return
  verdict pass namespace yes "Namespace $NAMESPACE exists."
  if [[ $managed != true ]]; then
    verdict not-applicable kueue-localqueue no "Namespace $NAMESPACE is not managed by Kueue."
    return
  fi
  remedy="Repair the queues of step 03."
  look get localqueues.kueue.x-k8s.io -n "$NAMESPACE" "$LOCAL_QUEUE" \
    -o 'jsonpath={.status.conditions[?(@.type=="Active")].status}{" "}{.spec.clusterQueue}{" "}{.status.pendingWorkloads}{"\n"}{range .status.flavors[*]}{.name}{" "}{.nodeLabels.node\.kubernetes\.io/instance-type}{"\n"}{end}'
  unseen kueue-localqueue yes "localqueues in $NAMESPACE" && return
  queue=$ANSWER
  read -r active cluster_queue pending <<<"${queue%%$'\n'*}" || true
  if [[ $SIGHT != seen ]]; then
    verdict fail kueue-localqueue yes "LocalQueue $LOCAL_QUEUE does not exist in $NAMESPACE." "$remedy"
    return
  elif [[ $active != True ]]; then
    verdict fail kueue-localqueue yes "LocalQueue $LOCAL_QUEUE is not active." "$remedy"
    return
  fi
  if ((${pending:-0} > 0)); then
    verdict warn kueue-localqueue no "LocalQueue $LOCAL_QUEUE is active, $pending workloads wait in it." "See what holds the quota of $cluster_queue."
  else
    verdict pass kueue-localqueue yes "LocalQueue $LOCAL_QUEUE is active and leads to $cluster_queue."
  fi
  flavors=$(tail -n +2 <<<"$queue" | awk -v type="$INSTANCE_TYPE" '$2 == type { print $1 }')

  admitted=$(admitted_engines)
  needed=$((REPLICAS > admitted ? REPLICAS - admitted : 0))
  look get clusterqueues.kueue.x-k8s.io "$cluster_queue" \
    -o 'jsonpath={"active "}{.status.conditions[?(@.type=="Active")].status}{"\n"}{range .spec.resourceGroups[*].flavors[*]}{.name}{" + "}{.resources[?(@.name=="nvidia.com/gpu")].nominalQuota}{"\n"}{end}{range .status.flavorsReservation[*]}{.name}{" - "}{.resources[?(@.name=="nvidia.com/gpu")].total}{"\n"}{end}'
  unseen kueue-clusterqueue no "clusterqueues" && return
  if [[ $SIGHT != seen || $ANSWER != "active True"* ]]; then
    verdict fail kueue-clusterqueue yes "ClusterQueue $cluster_queue is not active." "$remedy"
    return
  fi
  free=$(awk '
    NR == FNR { if ($1 != "") wanted[$1]; next }
    FNR > 1 && (length(wanted) == 0 || $1 in wanted) { sum += ($2 == "+" ? $3 : -$3) }
    END { print sum + 0 }
  ' <(printf '%s\n' "$flavors") <(printf '%s\n' "$ANSWER"))
  if ((free >= needed)); then
    verdict pass kueue-clusterqueue yes "ClusterQueue $cluster_queue has quota for $free more GPUs, $needed needed."
  else
    verdict warn kueue-clusterqueue yes "ClusterQueue $cluster_queue has quota for $free more GPUs, $needed needed; the engines would wait." \
      "Raise the GPU quota of ClusterQueue $cluster_queue, or free what it holds."
  fi
}

gate_baseline() {
  look get inferenceservices.serving.kserve.io -n "$NAMESPACE" "$BASELINE" \
    -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}'
  unseen baseline-ready no "inferenceservices in $NAMESPACE" && return
  if [[ $SIGHT == seen && $ANSWER == True ]]; then
    verdict pass baseline-ready no "InferenceService $BASELINE is ready."
  else
    verdict fail baseline-ready no "InferenceService $BASELINE is not ready; there is nothing to compare with." \
      "Deploy step 05, or gitops/step-08-llm-d/reference/baseline-int4."
  fi
}

gate_argocd() {
  look get applications.argoproj.io -n "$ARGOCD_NAMESPACE" "$APPLICATION" \
    -o 'jsonpath={.status.sync.status}{" and "}{.status.health.status}'
  local blocks=no
  [[ $ACTION != argocd ]] || blocks=yes
  unseen argocd-application "$blocks" "applications in $ARGOCD_NAMESPACE" && return
  case $SIGHT in
    seen) verdict pass argocd-application no "Application $APPLICATION is $ANSWER." ;;
    absent) verdict not-applicable argocd-application no "There is no application $APPLICATION." ;;
    *)
      if [[ $blocks == yes ]]; then
        verdict fail argocd-application yes "OpenShift GitOps is not installed." "Install it, or use --apply."
      else
        verdict not-applicable argocd-application no "OpenShift GitOps is not installed."
      fi
      ;;
  esac
}

apply_rendered() {
  kube apply --server-side --force-conflicts --field-manager="$MANAGER" --validate=strict "$@" -f "$WORK/overlay.yaml"
}

# The last gate: the API server itself, with its schemas and webhooks, on the very objects that would be applied.
gate_dry_run() {
  if apply_rendered --dry-run=server >"$WORK/dry-run" 2>&1; then
    verdict pass server-dry-run yes "The API server accepts every object of overlay $OVERLAY, unknown fields being errors."
  else
    verdict fail server-dry-run yes "The API server refuses overlay $OVERLAY:" "$(grep -iE 'error|refused|denied|forbidden' "$WORK/dry-run" | head -n 3 | tr '\n' ' ')"
  fi
}

check() {
  echo "Checking $("$KUBE" config current-context 2>/dev/null || echo 'the cluster') for overlay $OVERLAY"
  look get --raw /version
  if [[ $SIGHT != seen ]]; then
    verdict unknown cluster yes "No answer: $REFUSAL" "Check the login and the address of the cluster."
    return
  fi
  gate_cluster_version
  gate_platform
  gate_gpu_operator
  gate_gpu_nodes
  gate_gpu_capacity
  gate_api
  gate_leader_worker_set
  gate_gateway
  gate_maas
  gate_connectivity_link
  gate_queues
  gate_baseline
  gate_argocd
  gate_dry_run
}

# Objects of another overlay that this one must not leave behind: a Route past the authentication, a second scrape path.
remove_leftovers() {
  local kind name
  for pair in route.route.openshift.io/$SERVICE servicemonitor.monitoring.coreos.com/llmd-workload-metrics; do
    kind=${pair%%.*} name=${pair##*/}
    if ! grep -qix "kind: $kind" "$WORK/overlay.yaml"; then
      kube delete "${pair%/*}" "$name" -n "$NAMESPACE" --ignore-not-found "$@"
    fi
  done
}

apply() {
  apply_rendered "$@"
  remove_leftovers "$@"
}

argocd() {
  cp -r "$GITOPS/argocd/app-of-apps" "$WORK/application"
  local parameters=$WORK/application/parameters.env
  {
    grep -vE "^path=${REPO:+|^repoURL=}${REVISION:+|^revision=}" "$parameters" || true
    echo "path=gitops/step-08-llm-d/overlays/$OVERLAY"
    [[ -z $REPO ]] || echo "repoURL=$REPO"
    [[ -z $REVISION ]] || echo "revision=$REVISION"
  } >"$WORK/parameters"
  if grep -q '^repoURL=https://git.example.com/' "$WORK/parameters"; then
    echo "Refused: Argo CD does not know where this repository is. Name it with --repo, or in gitops/argocd/app-of-apps/parameters.env." >&2
    exit 1
  fi
  mv "$WORK/parameters" "$parameters"
  "$KUBE" kustomize "$WORK/application" |
    kube apply --server-side --force-conflicts --field-manager="$MANAGER" --validate=strict "$@" -f -
}

delete() {
  # Argo CD first: it would put back what is deleted.
  look get applications.argoproj.io -n "$ARGOCD_NAMESPACE" "$APPLICATION" -o name
  if [[ $SIGHT == seen ]]; then
    kube delete applications.argoproj.io -n "$ARGOCD_NAMESPACE" "$APPLICATION" --ignore-not-found --wait=false "$@"
  fi
  # A Gateway serves others too; the namespace and its queues belong to step 03.
  awk 'BEGIN { RS = "---\n" } !/(^|\n)kind: (Gateway|GatewayClass)\n/ { print "---"; print }' "$WORK/overlay.yaml" >"$WORK/delete.yaml"
  kube delete --ignore-not-found --wait=false "$@" -f "$WORK/delete.yaml"
  [[ $OVERLAY == demo ]] || echo "Gateway $GATEWAY_NAMESPACE/$GATEWAY and its class stay; others may use them."
}

wait_until_up() {
  local deadline=$((SECONDS + TIMEOUT)) condition=MainWorkloadReady generation observed status
  [[ $OVERLAY == demo ]] || condition=Ready
  echo "Waiting up to $TIMEOUT s for $condition of $SERVICE; loading the model takes two to five minutes."
  while :; do
    look get llminferenceservices.serving.kserve.io -n "$NAMESPACE" "$SERVICE" \
      -o "jsonpath={.metadata.generation}/{.status.observedGeneration}/{.status.conditions[?(@.type==\"$condition\")].status}"
    IFS=/ read -r generation observed status <<<"$ANSWER" || true
    if [[ $SIGHT == seen && $generation == "$observed" && $status == True ]]; then
      echo "$SERVICE is up: $condition is True."
      return
    fi
    ((SECONDS < deadline)) || break
    sleep "$POLL_SECONDS"
  done
  echo "$SERVICE is not up after $TIMEOUT s:" >&2
  kube get llminferenceservices.serving.kserve.io -n "$NAMESPACE" "$SERVICE" -o \
    'jsonpath={range .status.conditions[?(@.status!="True")]}{"  "}{.type}{" is "}{.status}{": "}{.reason}{" "}{.message}{"\n"}{end}' >&2 || true
  kube get pods -n "$NAMESPACE" -l "app.kubernetes.io/name=$SERVICE" -o wide >&2 || true
  exit 1
}

wait_until_gone() {
  local deadline=$((SECONDS + TIMEOUT))
  echo "Waiting up to $TIMEOUT s until $SERVICE is gone."
  while :; do
    look get llminferenceservices.serving.kserve.io -n "$NAMESPACE" "$SERVICE" -o name
    if [[ $SIGHT == absent || $SIGHT == not-installed ]]; then
      echo "$SERVICE is gone."
      return
    fi
    ((SECONDS < deadline)) || break
    sleep "$POLL_SECONDS"
  done
  echo "$SERVICE is still there after $TIMEOUT s; its finalizer waits for the KServe controller." >&2
  exit 1
}

"$KUBE" kustomize "$GITOPS/step-08-llm-d/overlays/$OVERLAY" >"$WORK/overlay.yaml"

OPTIONS=()
[[ $DRY_RUN == no ]] || OPTIONS=(--dry-run=server)

if [[ $ACTION == delete ]]; then
  delete "${OPTIONS[@]}"
  if [[ $WAIT == yes && $DRY_RUN == no ]]; then wait_until_gone; fi
  exit 0
fi

check
if ((BLOCKED > 0)); then
  echo
  echo "Refused: $BLOCKED of the gates above stand in the way. Nothing was changed."
  exit 1
fi
echo
if [[ $ACTION == check ]]; then
  echo "Nothing stands in the way of overlay $OVERLAY."
  exit 0
fi
"$ACTION" "${OPTIONS[@]}"
if [[ $WAIT == yes && $DRY_RUN == no ]]; then wait_until_up; fi
