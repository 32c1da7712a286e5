import { App } from 'aws-cdk-lib';
import { DemoStack } from './demo-stack.ts';

/** The app that the root's cdk.json points at: `npx cdk synth`, or `npm run demo`, which runs it on the local stage. */
const app = new App();
new DemoStack(app, 'SfnRedshiftDemo');
app.synth();
