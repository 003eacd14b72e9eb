/** The functions that belong to no rule: their names, and the modules of their handlers. */
export const ownFunctions: Readonly<Record<string, string>> = {
  notify: 'functions/notify/handler.ts',
  tickets: 'functions/tickets/handler.ts',
  answers: 'functions/answers/handler.ts',
  'answers-endpoint': 'functions/answers/endpoint/handler.ts',
  seal: 'functions/seal/handler.ts',
};
