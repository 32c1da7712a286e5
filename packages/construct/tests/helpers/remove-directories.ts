import { afterAll } from 'vitest';
import { removeDirectories } from './directories.ts';

// A setup file: it runs for each file of tests, though the files of one worker share what it imports.
afterAll(removeDirectories);
