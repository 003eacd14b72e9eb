/** The id of the Security Hub custom action that asks for a fix; its ARN ends with `:action/custom/<id>`. */
export const customActionId = 'PostureFix';
