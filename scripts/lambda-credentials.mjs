/**
 * Takes the place of @aws-sdk/credential-provider-node in the bundles: Lambda hands a function its role's credentials as
 * environment variables, always, so the chain of profiles, SSO and instance metadata has nothing to find there.
 */
const required = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is missing: this bundle runs in AWS Lambda`);
  return value;
};

export const defaultProvider = () => async () => ({
  accessKeyId: required('AWS_ACCESS_KEY_ID'),
  secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
  sessionToken: process.env.AWS_SESSION_TOKEN,
});

/** The credentials do not change during a sandbox's life. */
export const credentialsWillNeedRefresh = () => false;
export const credentialsTreatedAsExpired = () => false;
