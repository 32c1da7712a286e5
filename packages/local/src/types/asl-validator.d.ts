/** asl-validator brings no types of its own; these are the parts that the stage uses. */
declare module 'asl-validator' {
  interface ValidationError {
    readonly 'Error code': string;
    readonly Message: string;
  }

  /** Adds `QueryLanguage` to the states of the definition it is given. */
  export default function aslValidator(
    definition: unknown,
    options?: { checkPaths: boolean; checkArn: boolean },
  ): { readonly isValid: boolean; readonly errors: readonly ValidationError[] };
}
