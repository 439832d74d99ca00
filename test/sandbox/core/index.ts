export * from './clock';
export * from './controlled-store';
export * from './faults';
export * from './http-server';
export * from './journal';
export * from './random';
export * from './webhook-sender';
