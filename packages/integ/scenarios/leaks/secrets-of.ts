import type { ScenarioStage } from '../local-stage.ts';
import { SECRETS } from '../table/secrets.ts';
import type { Secret } from './find-leaks.ts';

/** Long enough to be that token alone, short enough to be found where one was cut. */
const TOKEN_LETTERS = 40;

/** What none of the scenarios may have told: what they planted, the real tokens of their tasks, and the stage's credentials. */
export const secretsOf = ({ stage }: ScenarioStage, taskTokens: readonly string[]): readonly Secret[] => [
  { name: 'parameter value', text: SECRETS.parameter },
  // The cause of a failure quotes how the SQL begins, by contract.
  { name: 'SQL literal', text: SECRETS.literal, allowedIn: 'cause' },
  { name: 'credential in SQL', text: SECRETS.credential },
  { name: 'task token sent amiss', text: SECRETS.token },
  { name: 'response URL', text: SECRETS.responseUrl },
  { name: "CloudFormation's response URL", text: /X-Amz-Signature|cloudformation-custom-resource-response/i },
  { name: 'password of the warehouse', text: decodeURIComponent(new URL(stage.postgres).password) },
  { name: 'access key of a role', text: /ASIA[A-Z0-9]{16}/ },
  { name: 'secret key of a role', text: /AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|secretAccessKey|sessionToken/ },
  ...[...new Set(taskTokens)].map((token) => ({ name: 'task token', text: token.slice(-TOKEN_LETTERS) })),
];
