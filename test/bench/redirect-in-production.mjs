// The sandbox stands in for Shopify in the bench alone also where the application runs as in
// production: React and Remix are several times slower otherwise, and that is not what is asked.
process.env.NODE_ENV = 'test';
await import('../sandbox/redirect.mjs');
process.env.NODE_ENV = 'production';
