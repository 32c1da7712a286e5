export function codeIn(directory: URL): readonly string[];
export function loadedWith(file: string, directory: URL): ReadonlySet<string>;
export function bytesOf(files: Iterable<string>, directory: URL, sizeOf?: (content: Buffer) => number): number;
