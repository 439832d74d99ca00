/**
 * A CSV file as it is made, piece by piece: nothing of it is kept in memory. Begins with the mark
 * by which spreadsheets know UTF-8. The page fetches it with its token and saves it. When nobody
 * reads any more, nothing more is made: Remix itself would go on to the last row.
 */
export function csvAnswer(
  request: Request,
  name: string,
  pieces: AsyncGenerator<string>,
): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode('\uFEFF'));
    },
    async pull(controller) {
      const piece = request.signal.aborted ? await pieces.return(undefined) : await pieces.next();
      if (piece.done === true) controller.close();
      else controller.enqueue(encoder.encode(piece.value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  });
}
