import { ipcRenderer } from 'electron';

// The page asks when it listens; main decides whether this frame gets a port at all.
window.addEventListener('message', (event) => {
  if (event.source === window && event.data === 'skilldeck:ready') ipcRenderer.send('skilldeck:connect');
});

ipcRenderer.on('skilldeck:port', (event) => {
  window.postMessage('skilldeck:port', window.location.origin, event.ports as unknown as Transferable[]);
});
