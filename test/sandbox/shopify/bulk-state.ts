/** How the next bulk operations of a shop go; what a test sets. */
export type BulkBehaviour = {
  /** How long they take, on the sandbox's clock. */
  milliseconds: number;
  /** So many of the next ones end like this instead of being completed. */
  endings: ('FAILED' | 'CANCELED' | 'EXPIRED')[];
  /** So many of the next files are cut off: at this share of their bytes. */
  cutOff: number[];
  /** Another query of this app is under way; new ones are refused. */
  busy: boolean;
  /** The file server sends whole files, whatever range is asked for. */
  ignoresRange: boolean;
  /** So many of the next downloads break off after this many bytes. */
  breakOffs: number[];
  /** Named instead of the real address of a file. */
  url: string | null;
};

export type BulkOperation = {
  readonly __typename: 'BulkOperation';
  readonly id: string;
  readonly type: 'QUERY';
  readonly query: string;
  readonly createdAt: Date;
  readonly doneAt: Date;
  ending: 'COMPLETED' | 'FAILED' | 'CANCELED' | 'EXPIRED';
  /** Null while it is still being written. */
  file: Buffer | null;
  roots: number;
  objects: number;
};

export type BulkState = {
  readonly behaviour: BulkBehaviour;
  readonly operations: Map<string, BulkOperation>;
};

export const newBulkState = (): BulkState => ({
  behaviour: {
    milliseconds: 300,
    endings: [],
    cutOff: [],
    busy: false,
    ignoresRange: false,
    breakOffs: [],
    url: null,
  },
  operations: new Map(),
});
