// What only WeChat itself can do: here nobody logs in by a platform, and nobody is sent a message.
import { Failure, answer } from './reply.js';

const refuse = (name) => (options) => answer(name, options, () => {
  throw new Failure('not supported in a browser');
});

export const platformApi = () => ({
  login: refuse('login'),
  requestSubscribeMessage: refuse('requestSubscribeMessage'),
  openPrivacyContract: refuse('openPrivacyContract'),
  getPrivacySetting: (options) => answer('getPrivacySetting', options, () =>
    ({ needAuthorization: false, privacyContractName: '' })),
  requirePrivacyAuthorize: (options) => answer('requirePrivacyAuthorize', options),
  onNeedPrivacyAuthorization() {},
});
