import net from 'node:net';

/** A loopback port that was free a moment ago, for programs that cannot choose one themselves. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port as number;
}

/** As many different ones: all are held before any is let go. */
export async function freePorts(count: number): Promise<number[]> {
  const probes = await Promise.all(Array.from({ length: count }, holdPort));
  return Promise.all(
    probes.map((probe) => {
      const { port } = probe.address() as net.AddressInfo;
      return new Promise<number>((resolve) => probe.close(() => resolve(port)));
    }),
  );
}

function holdPort(): Promise<net.Server> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => resolve(probe));
  });
}
