import type { Actions } from '../action.ts'

/** The one action of STS that clients call to see whose credentials they hold. */
export const stsActions: Actions = {
  GetCallerIdentity: {
    accepts: [],
    run: (_, { state, accessKeyId }) => ({
      Arn: `arn:aws:iam::${state.accountId}:user/practice`,
      UserId: accessKeyId,
      Account: state.accountId
    })
  }
}
