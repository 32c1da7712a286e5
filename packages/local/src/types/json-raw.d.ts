/** `JSON.rawJSON` (Node 24 has it; the es2024 library of TypeScript does not know it yet). */
interface JSON {
  rawJSON(text: string): unknown;
}
