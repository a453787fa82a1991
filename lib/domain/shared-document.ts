/**
 * A made-up operations handbook, long enough (about 1,900 tokens) that reading it is most of the work of a short question:
 * the second question on it shows what a prefix cache saves. It fits the context of 8,192 tokens with room to talk.
 */
export const SHARED_DOCUMENT = `THE HARBOUR HANDBOOK
How the Northquay container terminal runs its language-model service

1. What the service is for
Northquay answers about nine thousand questions a day from crane drivers, planners and customs clerks. Most of them are short: where is container NQ-4471, which berth takes the late feeder, may a reefer wait another hour. Some are long: compare two stowage plans, summarise a damage report of thirty pages, draft an answer to the port authority. The service runs two replicas of one model, each on its own graphics card, in two different server rooms. A third card is kept for tests and may be borrowed in an emergency, but only by the shift lead.

2. Who is on duty
There are three shifts. The early shift begins at 05:40 and is led by the planner on duty. The late shift begins at 13:40 and is led by the yard master. The night shift begins at 21:40 and is led by whoever carries the grey telephone. The grey telephone is never switched off and never left in the canteen. If it rings three times without an answer, the call goes to the gatehouse, and the gatehouse writes down the time, the caller and the first sentence of the complaint.

3. What good looks like
A short question should show its first word within eight tenths of a second and finish within six. A long document should show its first word within three seconds. Between two words there should never be a gap that a reader notices, which in practice means less than a tenth of a second. These are targets, not promises. When they are missed for more than ten minutes the shift lead is told, and when they are missed for more than an hour the customers are told as well, by the shift lead, in plain words and without blaming anybody.

4. Reading the panel
The panel on the east wall has four columns. The first shows how long people wait for the first word. The second shows the time between words. The third shows how many questions are waiting and how many are being answered. The fourth shows how full the memory of each card is. A full memory is not a fault: a card that works well is a full card. A growing queue is the sign to look for. If the queue grows while the memory is full, the service needs another replica or shorter questions. If the queue grows while the memory is nearly empty, something is broken, most often the way that questions take to the replica.

5. The way a question takes
A question passes the gate of the terminal network, then the picker, then one of the replicas. The picker knows which replica has read which document before. It sends a question on the same document to the same replica whenever that replica is not overloaded, because a replica that has read a document does not have to read it again. The saving is large: reading thirty pages takes a card two seconds, remembering them takes almost nothing. When the picker is away, the gate sends questions to the replicas in turn. Everything still works, but the memory of what was read is wasted, and the first column of the panel rises by about half.

6. When a replica is lost
A lost replica is replaced without anybody's help. The new one needs four minutes to load the model. During these minutes the remaining replica does all the work, and the first column will rise; nobody should touch anything. Answers that were being written by the lost replica are cut off in the middle. They are not repeated by themselves, because the service cannot know whether the reader still wants them. The page says how many words had come and offers to ask again. If the replacement has not arrived after nine minutes, the shift lead calls the platform team and reads out the events of the last quarter of an hour, newest first.

7. When both replicas are lost
Then the page says so, in red and with a shape, and the clerks go back to the printed tables in the blue folders. There is a blue folder at every third desk. The tables are renewed on the first Monday of each month by the planner of the early shift, who signs the last page. The shift lead informs the harbour master within fifteen minutes. Nobody informs the press. The service counts as restored when ten short questions in a row have been answered within the target, and not earlier.

8. Busy days
The busiest day of the year is the Thursday before the autumn holidays. In the last three years it had 14,200, 15,100 and 17,900 questions. On such days the third card is added at six in the morning and taken back at ten in the evening. Long summaries are moved to the night: the page asks whether the answer is needed now, and most people say no. The test runs of the card are cancelled without asking. The canteen opens an hour earlier, which has nothing to do with the service but is appreciated by everybody who works on it.

9. Changing the model
A model is changed on a Tuesday, never on a Friday, and never during the week of the autumn holidays. One replica is changed first and gets one question in twenty for a day. If its answers are no worse and not slower, the second is changed on Wednesday. Worse means that the clerks correct more than three answers in a hundred. Slower means that the first column has risen by more than a fifth at the same number of questions. The old model is kept for thirty days. The person who decides is the head of planning; the person who writes it down is the yard master; they are never the same person.

10. What is written down
For every question the service keeps the time, the length, the replica and the four numbers of the panel. It does not keep the text. Damage reports are kept by the claims office and not by the service. After ninety days the numbers are added up by the hour and the single entries are deleted. Whoever wants to know what was asked has to ask the person who asked it.

11. Small rules that were learned the hard way
Do not restart a slow replica: a slow replica answers, a restarting one does not. Do not measure with one question: measure with a hundred. Do not compare a quiet morning with a busy noon. Do not trust an average without looking at the slowest tenth. Write down what you changed before you change it. If two people disagree about the cause, look at the panel together before you speak again. And when everything is green and the telephone still rings, believe the telephone.`;
