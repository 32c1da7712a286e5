/**
 * A function that waits as long as it is told; or, as a custom resource, answers CloudFormation twice, and logs to which host, and what came of
 * the second answer. The URL itself, which is a credential, is not logged.
 */
export const PROBE_CODE = `
const { request } = require('node:https');
const put = (url, body) => new Promise((resolve, reject) => {
  const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
  const sent = request(url, { method: 'PUT', headers }, (response) => {
    response.resume();
    response.once('end', () => resolve(response.statusCode));
  });
  sent.once('error', reject);
  sent.end(body);
});
exports.handler = async (event) => {
  if (event.ResponseURL === undefined) {
    await new Promise((resolve) => setTimeout(resolve, event.ms));
    return {};
  }
  const { StackId, RequestId, LogicalResourceId, ResponseURL } = event;
  const body = JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'responded', StackId, RequestId, LogicalResourceId });
  const first = await put(ResponseURL, body);
  const second = await put(ResponseURL, body).catch((error) => error.code);
  console.log('PROBE ' + JSON.stringify({ host: new URL(ResponseURL).host, first, second }));
};
`;
