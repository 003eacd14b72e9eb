/** The ARN of the function itself, without the version or alias by which it may have been invoked: its schedules are allowed to invoke no other. */
export const functionArnOf = (invoked: string): string => invoked.split(':').slice(0, 7).join(':');
