import type { Threats } from '../../../detectors';

const named = (types: string): readonly string[] => types.trim().split(/\s+/);

/**
 * The finding types of GuardDuty that say that an instance is compromised: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-active.html.
 * Not among them: unusual behavior that needs a person's judgment (`Behavior:EC2`, `DefenseEvasion:EC2`), new binaries and libraries, and attempts of others (port probes).
 */
export const compromises: readonly Threats[] = [
  {
    // An instance is the target of some, and then not compromised: brute force, callers of a threat list.
    resourceRole: 'ACTOR',
    types: named(`
      Backdoor:EC2/C&CActivity.B Backdoor:EC2/C&CActivity.B!DNS Backdoor:EC2/DenialOfService.Dns Backdoor:EC2/DenialOfService.Tcp
      Backdoor:EC2/DenialOfService.Udp Backdoor:EC2/DenialOfService.UdpOnTcpPorts Backdoor:EC2/DenialOfService.UnusualProtocol
      Backdoor:EC2/Spambot CryptoCurrency:EC2/BitcoinTool.B CryptoCurrency:EC2/BitcoinTool.B!DNS
      Impact:EC2/AbusedDomainRequest.Reputation Impact:EC2/BitcoinDomainRequest.Reputation Impact:EC2/MaliciousDomainRequest.Custom
      Impact:EC2/MaliciousDomainRequest.Reputation Impact:EC2/PortSweep Impact:EC2/WinRMBruteForce Recon:EC2/Portscan
      Trojan:EC2/BlackholeTraffic Trojan:EC2/BlackholeTraffic!DNS Trojan:EC2/DGADomainRequest.B Trojan:EC2/DGADomainRequest.C!DNS
      Trojan:EC2/DNSDataExfiltration Trojan:EC2/DriveBySourceTraffic!DNS Trojan:EC2/DropPoint Trojan:EC2/DropPoint!DNS
      Trojan:EC2/PhishingDomainRequest!DNS UnauthorizedAccess:EC2/MaliciousIPCaller.Custom UnauthorizedAccess:EC2/RDPBruteForce
      UnauthorizedAccess:EC2/SSHBruteForce UnauthorizedAccess:EC2/TorClient UnauthorizedAccess:EC2/TorRelay
    `),
  },
  {
    // "For Runtime Monitoring finding types ..., the resource role is not populated": ../ug/guardduty_findings-summary.html
    types: named(`
      AttackSequence:EC2/CompromisedInstanceGroup Execution:EC2/MaliciousFile Backdoor:Runtime/C&CActivity.B
      Backdoor:Runtime/C&CActivity.B!DNS CryptoCurrency:Runtime/BitcoinTool.B CryptoCurrency:Runtime/BitcoinTool.B!DNS
      DefenseEvasion:Runtime/FilelessExecution DefenseEvasion:Runtime/KernelModuleLoaded DefenseEvasion:Runtime/ProcessInjection.Proc
      DefenseEvasion:Runtime/ProcessInjection.Ptrace DefenseEvasion:Runtime/ProcessInjection.VirtualMemoryWrite
      Execution:Runtime/MaliciousFileExecuted Execution:Runtime/ReverseShell Impact:Runtime/AbusedDomainRequest.Reputation
      Impact:Runtime/BitcoinDomainRequest.Reputation Impact:Runtime/CryptoMinerExecuted Impact:Runtime/MaliciousDomainRequest.Reputation
      Trojan:Runtime/BlackholeTraffic Trojan:Runtime/BlackholeTraffic!DNS Trojan:Runtime/DGADomainRequest.C!DNS
      Trojan:Runtime/DriveBySourceTraffic!DNS Trojan:Runtime/DropPoint Trojan:Runtime/DropPoint!DNS
      Trojan:Runtime/PhishingDomainRequest!DNS UnauthorizedAccess:Runtime/MetadataDNSRebind UnauthorizedAccess:Runtime/TorClient
      UnauthorizedAccess:Runtime/TorRelay
    `),
  },
];
