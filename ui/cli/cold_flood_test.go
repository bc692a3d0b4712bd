package cli_test

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

// floodCold asks everybody it hears of, at once and without a bound, until a node returns peers. No client that knows
// only the bootstrap nodes has its first peer sooner, and none should do that to a network: it is the floor under the others.
func floodCold(b *testing.B, bootstrap []string, hash wire.ID) (l coldLookup) {
	b.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	query := wire.AppendQuery(nil, wire.ID{1}, []byte("aa"), true, &wire.Query{Method: wire.GetPeers, Target: hash})
	asked := map[netip.AddrPort]bool{}
	ask := func(addr netip.AddrPort) {
		if !asked[addr] {
			asked[addr] = true
			conn.WriteToUDPAddrPort(query, addr) //nolint:errcheck // what is lost is not answered
		}
	}
	began := time.Now()
	for _, host := range bootstrap {
		ask(netip.MustParseAddrPort(host))
	}
	const patience = 3 * time.Second
	conn.SetReadDeadline(began.Add(patience)) //nolint:errcheck // a bound on a benchmark
	packet := make([]byte, 2048)
	for {
		n, from, err := conn.ReadFromUDPAddrPort(packet)
		l.done = time.Since(began)
		if err != nil {
			return l
		}
		var m wire.Message
		if err := wire.Scan(packet[:n], &m); err != nil || m.Kind != wire.KindReply {
			continue
		}
		reply := m.Reply(from, 0)
		if len(reply.Peers) > 0 {
			l.first = l.done
			return l
		}
		for _, c := range reply.Nodes {
			ask(c.Addr)
		}
	}
}
