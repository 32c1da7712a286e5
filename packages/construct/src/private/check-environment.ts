import { Token } from 'aws-cdk-lib';
import { ENVIRONMENT } from './contract.generated';
import { checkText, refuse } from './validation';

/** The beginning of the names that handlers read. */
const OURS = /^SFN_REDSHIFT_/;

/** Of these the handlers read some, too. */
const SET_BY_US: ReadonlySet<string> = new Set(Object.values(ENVIRONMENT));

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
const NAME = /^[A-Za-z]\w+$/;
const LAMBDAS_OWN =
  /^(AWS_(ACCESS_KEY|ACCESS_KEY_ID|DEFAULT_REGION|EXECUTION_ENV|REGION|SECRET_ACCESS_KEY|SESSION_TOKEN)|AWS_LAMBDA_(FUNCTION_(MEMORY_SIZE|NAME|VERSION)|INITIALIZATION_TYPE|LOG_GROUP_NAME|LOG_STREAM_NAME|RUNTIME_API)|LAMBDA_(RUNTIME_DIR|TASK_ROOT))$/;

/** @throws Error naming the variable when it is the tasker's or Lambda's own, or none. */
export const checkEnvironment = (property: string, environment: Record<string, string> = {}): void => {
  for (const [name, value] of Object.entries(environment)) {
    const variable = `${property}.${name}`;
    if (OURS.test(name) || SET_BY_US.has(name)) refuse(variable, 'is set by the tasker and must be left out', value);
    if (LAMBDAS_OWN.test(name)) refuse(variable, 'is set by AWS Lambda and must be left out', value);
    checkText(property, name, NAME, 'must hold names of two or more letters, digits and _, a letter first');
    if (typeof value !== 'string' && !Token.isUnresolved(value)) refuse(variable, 'must be a text', value);
  }
};
