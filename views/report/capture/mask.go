package capture

import (
	"net/netip"
	"strconv"
)

// maskedAddrs replaces addresses by others in the same networks, /24 and of IPv6 /48: the hosts of a network and the ports of
// a host are numbered in the order in which they come, hosts from 1 and ports from firstPort. What is one address stays one.
type maskedAddrs struct {
	hosts map[netip.Addr]netip.Addr
	count map[netip.Prefix]int // hosts
	ports map[netip.AddrPort]uint16
	used  map[netip.Addr]uint16 // ports
}

// firstPort is that of BitTorrent: Wireshark takes lower ones for those of other protocols.
const firstPort = 6881

func newMaskedAddrs() *maskedAddrs {
	return &maskedAddrs{make(map[netip.Addr]netip.Addr), make(map[netip.Prefix]int), make(map[netip.AddrPort]uint16), make(map[netip.Addr]uint16)}
}

func (m *maskedAddrs) of(a netip.AddrPort) netip.AddrPort {
	ip := a.Addr()
	if !ip.IsValid() || ip.IsUnspecified() {
		return a
	}
	port, known := m.ports[a]
	if !known {
		port = firstPort + m.used[ip]
		m.used[ip]++
		m.ports[a] = port
	}
	return netip.AddrPortFrom(m.host(ip), port)
}

func (m *maskedAddrs) host(ip netip.Addr) netip.Addr {
	if masked, known := m.hosts[ip]; known {
		return masked
	}
	bits := 24
	if ip.Is6() {
		bits = 48
	}
	network, err := ip.Prefix(bits)
	if err != nil { // cannot be: the address is valid and wide enough
		return netip.IPv4Unspecified()
	}
	m.count[network]++
	n := m.count[network]
	var masked netip.Addr
	if ip.Is4() {
		b := network.Addr().As4()
		b[3] = byte(n)
		masked = netip.AddrFrom4(b)
	} else {
		b := network.Addr().As16()
		b[13], b[14], b[15] = byte(n>>16), byte(n>>8), byte(n)
		masked = netip.AddrFrom16(b)
	}
	m.hosts[ip] = masked
	return masked
}

// blank overwrites the hidden bytes of a bencoded message, and leaves what holds it together: strings become zeros of the
// same length, numbers ones.
func blank(b []byte, hidden []bool) []byte {
	for at := 0; at < len(b); {
		switch c := b[at]; {
		case c == 'd' || c == 'l' || c == 'e':
			at++
		case c == 'i':
			for at++; at < len(b) && b[at] != 'e'; at++ {
				if hidden[at] && b[at] != '-' {
					b[at] = '1'
				}
			}
		default:
			start, end := bytesAt(b, at)
			for i := start; i < end; i++ {
				if hidden[i] {
					b[i] = 0
				}
			}
			at = end
		}
	}
	return b
}

// bytesAt returns where the content of the string at an offset begins and ends: all the rest, where there is none.
func bytesAt(b []byte, at int) (start, end int) {
	for start = at; start < len(b) && b[start] >= '0' && b[start] <= '9'; start++ {
	}
	n, err := strconv.Atoi(string(b[at:start]))
	if err != nil || start == len(b) || b[start] != ':' {
		return at, len(b)
	}
	start++
	return start, min(start+n, len(b))
}
