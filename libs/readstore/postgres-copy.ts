import pg from 'pg';

/** Bytes of a message's type and length. */
const HEADER_BYTES = 5;
const COPY_DATA = 0x64;
const COPY_DONE = 0x63;
/** A message's length counts itself and not its type. */
const LENGTH_BYTES = 4;

/** The messages CopyData, with the pieces one after the other, and CopyDone. */
function copyMessages(pieces: readonly string[]): Buffer {
  let bytes = 0;
  for (const piece of pieces) bytes += Buffer.byteLength(piece);
  const messages = Buffer.allocUnsafe(HEADER_BYTES + bytes + HEADER_BYTES);
  messages[0] = COPY_DATA;
  messages.writeUInt32BE(LENGTH_BYTES + bytes, 1);
  let at = HEADER_BYTES;
  for (const piece of pieces) at += messages.write(piece, at);
  messages[at] = COPY_DONE;
  messages.writeUInt32BE(LENGTH_BYTES, at + 1);
  return messages;
}

/** A query of pg that sends rows along with its statement. */
class CopyFrom extends pg.Query {
  readonly #messages: Buffer;

  constructor(private readonly statement: string, pieces: readonly string[], done: (error: Error | undefined) => void) {
    super(statement, done);
    this.#messages = copyMessages(pieces);
  }

  override submit = (connection: pg.Connection): void => {
    connection.query(this.statement);
    connection.stream.write(this.#messages);
  };

  /** The server asks for what is on its way. */
  handleCopyInResponse(): void {}
}

/**
 * Feeds text to `COPY … FROM STDIN`. The rows leave together with the statement, without waiting for the server to ask for them: should it
 * refuse the statement, it passes over them, as the protocol says.
 */
export function copyFrom(client: pg.ClientBase, text: string, pieces: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyFrom(text, pieces, (error) => (error ? reject(error) : resolve())));
  });
}
