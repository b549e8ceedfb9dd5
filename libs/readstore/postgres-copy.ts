import pg from 'pg';

const COPY_DATA = 0x64;
const COPY_DONE = 0x63;
/** A message's length counts itself and not its type. */
const LENGTH_BYTES = 4;

/** The type and length of a message with so many bytes. */
function header(type: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(1 + LENGTH_BYTES);
  buffer[0] = type;
  buffer.writeUInt32BE(LENGTH_BYTES + bytes, 1);
  return buffer;
}

/** A query of pg that sends rows along with its statement. */
class CopyFrom extends pg.Query {
  constructor(private readonly statement: string, private readonly pieces: readonly Buffer[], done: (error: Error | undefined) => void) {
    super(statement, done);
  }

  override submit = (connection: pg.Connection): void => {
    connection.query(this.statement);
    connection.stream.write(header(COPY_DATA, this.pieces.reduce((sum, { length }) => sum + length, 0)));
    for (const piece of this.pieces) connection.stream.write(piece);
    connection.stream.write(header(COPY_DONE, 0));
  };

  /** The server asks for what is on its way. */
  handleCopyInResponse(): void {}
}

/**
 * Feeds bytes to `COPY … FROM STDIN`. The rows leave together with the statement, without waiting for the server to ask for them: should it
 * refuse the statement, it passes over them, as the protocol says.
 */
export function copyFrom(client: pg.ClientBase, statement: string, pieces: readonly Buffer[]): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyFrom(statement, pieces, (error) => (error ? reject(error) : resolve())));
  });
}
