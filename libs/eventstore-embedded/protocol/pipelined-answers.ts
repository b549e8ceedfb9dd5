import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';

/** What one call may have on its way to the socket: two of HTTP/2's usual windows. */
const UNDERWAY_BYTES_MAX = 128 * 1024;

/**
 * grpc-js hands an answer to the socket, waits until it is gone, then takes the next: a frame and a system call each,
 * at both ends. This lets the next ones follow at once, up to a limit, so that what is ready together travels together.
 * Only answers that are bytes count towards the limit; the calls with many answers give nothing else.
 */
export const pipelineAnswers: ServerInterceptor = (_, call) => new PipelinedCall(call);

class PipelinedCall extends ServerInterceptingCall {
  private underwayBytes = 0;
  private proceed: (() => void) | undefined;

  override sendMessage(answer: unknown, proceed: () => void): void {
    const bytes = Buffer.isBuffer(answer) ? answer.length : 0;
    this.underwayBytes += bytes;
    super.sendMessage(answer, () => this.hasSent(bytes));
    if (this.underwayBytes < UNDERWAY_BYTES_MAX) proceed();
    else this.proceed = proceed;
  }

  private hasSent(bytes: number): void {
    this.underwayBytes -= bytes;
    if (this.proceed === undefined || this.underwayBytes >= UNDERWAY_BYTES_MAX) return;
    const { proceed } = this;
    this.proceed = undefined;
    proceed();
  }
}
