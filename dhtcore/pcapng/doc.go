// Package pcapng writes UDP datagrams as a capture that Wireshark opens, and reads those of captures: pcapng
// (draft-ietf-opsawg-pcapng) and the classic pcap (draft-ietf-opsawg-pcap).
//
// dhtcore writes what the journal recorded and reads what somebody captured with tcpdump. What is written is raw IP: an IPv4
// or IPv6 header and a UDP header with valid checksums, the direction, and a comment. What is read may be Ethernet, Linux
// cooked, raw IP, BSD loopback or PPP, in both byte orders. A file is never held in memory.
//
// A Writer and a Reader each belong to one goroutine.
package pcapng
