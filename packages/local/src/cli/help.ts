export const HELP = `Usage: sfn-redshift-local serve --app DIRECTORY [options]
       sfn-redshift-local redshift [options]

serve     deploys every stack of a synthesized cloud assembly to a stage on this machine
redshift  starts the Redshift Data API alone, and the S3 that COPY and UNLOAD need

Prints one line of JSON on standard output when ready, and serves until SIGINT or SIGTERM, or until its
parent ends. Follows the assembly: after another cdk synth the stage is updated, and a further line printed.

  --app DIRECTORY      the cloud assembly, as cdk synth writes it (cdk.out); for serve
  --port NUMBER        port of the endpoint on 127.0.0.1; any free one by default
  --postgres URL       a PostgreSQL to use, as a superuser; by default one is started and removed again
  --warehouse NAME     cluster:NAME or workgroup:NAME that exists beside those of the template; may be
                       given several times; where neither names any, every name exists
  --limit-call-rates   throttles the Data API at AWS's rates for an account
  --seed NUMBER        decides what faults leave to chance; 1 by default
  --help, --version

Standard error carries the log, one JSON object a line, or the reason why nothing is served.
Exit codes: 0 ended as asked, 1 a fault while serving, 2 could not serve.
`;
