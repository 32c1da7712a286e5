import { AwsError } from '../../common/aws-error.ts';
import { type Protocol, response } from './protocol.ts';
import { document, element } from './xml.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** The query protocol, for STS: a form in, XML out. Only members that are plain values are taken apart. */
export const query: Protocol = {
  parse: ({ service, request }) => {
    const {
      Action: operation = '',
      Version: _version,
      ...input
    } = Object.fromEntries(new URLSearchParams(request.body.toString()));
    if (!/^\w+$/.test(operation))
      throw new AwsError('InvalidAction', `Could not find operation ${operation || 'without a name'}`);
    return { service, operation, input, http: request };
  },

  output: ({ operation }, output, requestId) =>
    xml(
      200,
      requestId,
      element(
        `${operation}Response`,
        { [`${operation}Result`]: output, ResponseMetadata: { RequestId: requestId } },
        ` xmlns="${NAMESPACE}"`,
      ),
    ),

  error: (_addressed, error, requestId) => {
    const fault = { Type: error.status < 500 ? 'Sender' : 'Receiver', Code: error.code, Message: error.message };
    return xml(
      error.status,
      requestId,
      element('ErrorResponse', { Error: fault, RequestId: requestId }, ` xmlns="${NAMESPACE}"`),
    );
  },
};

const xml = (status: number, requestId: string, root: string) =>
  response(status, { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, document(root));
