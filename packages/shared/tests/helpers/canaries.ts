/** Values that may turn up nowhere but where they belong. */
export const CANARIES = {
  taskToken: `AQCEAAAAKgAAAAMAAAAAAAAAAW${'canaryToken0/+'.repeat(20)}==`,
  parameterValue: 'canary-parameter-value',
  responseUrl: 'https://cloudformation-custom-resource-response.example/canary?X-Amz-Signature=canarysignature',
  callbackId: 'canaryCallbackId+/==',
  credential: 'Canary-Passw0rd',
} as const;

/** What must be absent from a text: the canaries, and any longer piece of the token. */
export const FORBIDDEN: readonly string[] = [...Object.values(CANARIES), 'canaryToken', 'X-Amz-Signature', 'Passw0rd'];

export const SQL_WITH_CREDENTIAL = `alter user etl password '${CANARIES.credential}'`;

export const EXECUTION = 'arn:aws:states:us-east-1:000000000000:execution:load:0d4f7f8e-8f3a-4a51-9a51-5b1f6f4a7a10';
export const STATEMENT_ID = 'd3f1a2b4-0c1d-4e5f-8a9b-0c1d2e3f4a5b';
export const ATTEMPT = { state: 'Load', enteredTime: '2026-01-05T06:07:08.900Z', retryCount: 0, redriveCount: 0 };
