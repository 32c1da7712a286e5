/**
 * Takes the place of bowser in the bundles: the SDK loads it to find out in which browser it runs, and Lambda is none. Left
 * in, it would be a tenth of a bundle that nobody ever loads.
 */
throw new Error('this bundle runs in AWS Lambda, not in a browser');
