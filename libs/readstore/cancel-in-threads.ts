import { Session, type NodeWorker } from 'node:inspector';

/**
 * Evaluates an expression in every worker thread of this process, also in one that is busy in WebAssembly: V8 lets the inspector in at each
 * turn of a loop. A message would wait until the thread is free, which is what is to be brought about. The inspector is attached for
 * this moment only, and nothing listens on the network.
 */
export function evaluateInThreads(expression: string): void {
  const session = new Session();
  session.connect();
  let awaited = 0;
  let isEnabled = false;
  const leaveWhenDone = (): void => {
    if (isEnabled && awaited === 0) session.disconnect();
  };
  session.on('NodeWorker.attachedToWorker', ({ params: { sessionId } }: { readonly params: NodeWorker.AttachedToWorkerEventDataType }) => {
    awaited += 1;
    session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }) });
  });
  const answered = (): void => {
    awaited -= 1;
    leaveWhenDone();
  };
  session.on('NodeWorker.receivedMessageFromWorker', answered);
  session.on('NodeWorker.detachedFromWorker', answered); // it ended before it could answer
  // By the time that this is answered, all threads there are have been attached.
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false }, () => {
    isEnabled = true;
    leaveWhenDone();
  });
}
