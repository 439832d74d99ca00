import { useState } from 'react';

/**
 * Saves a file of the app. A fetch rather than a link: the admin adds its token to fetches only.
 * What went wrong stays until the next try.
 */
export function useDownload() {
  const [state, setState] = useState<{ busy: boolean; problem: string | null }>(idle);
  const download = async (path: string, name: string) => {
    setState({ busy: true, problem: null });
    try {
      const response = await fetch(path);
      if (!response.ok) throw new Error(`answered ${String(response.status)}`);
      save(await response.blob(), name);
      setState(idle);
    } catch {
      setState({ busy: false, problem: 'The file could not be made. Try again.' });
    }
  };
  return {
    ...state,
    download: (path: string, name: string) => {
      if (!state.busy) void download(path, name);
    },
  };
}

const idle = { busy: false, problem: null };

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 0);
}
