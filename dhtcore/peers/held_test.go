package peers

import (
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestHeldSaysWhatIsKeptAndWhatExpires(t *testing.T) {
	s := New(Config{MaxPerIP: 2, MaxPeers: 3})
	start := time.Now()
	at := func(ip string, port uint16) netip.AddrPort { return netip.AddrPortFrom(netip.MustParseAddr(ip), port) }
	for i, minutes := range []int{0, 16, 26, 30} {
		s.Announce([20]byte{1, byte(i)}, at("203.0.113."+string(rune('1'+i)), 6881), i == 0, DHT, start.Add(time.Duration(minutes)*time.Minute))
	}
	now := start.Add(30*time.Minute - time.Second)
	s.Announce([20]byte{2}, at("2001:4860::1", 6881), false, DHT, now)
	h := s.Held(now)
	if h.Swarms != 5 || h.Peers != [wire.Families]int{4, 1} || h.Seeds != 1 {
		t.Errorf("%+v", h)
	}
	if h.Expiring != [len(ExpireSteps)]int{1, 1, 1, 5} {
		t.Errorf("expiring: %v", h.Expiring)
	}
	if h.Bytes < 5*40 || h.Bytes > 1<<20 {
		t.Errorf("%d bytes", h.Bytes)
	}
	for i := range 3 { // of one address that may have two
		s.Announce([20]byte{3, byte(i)}, at("198.51.100.9", 6881), false, DHT, now)
	}
	for i := range 4 { // in a swarm of three
		s.Announce([20]byte{4}, at("192.88.99."+string(rune('1'+i)), 6881), false, DHT, now)
	}
	if h := s.Held(now); h.OverShare != 1 || h.Full != 1 {
		t.Errorf("limits were met %d and %d times", h.OverShare, h.Full)
	}
}

func BenchmarkHeld(b *testing.B) {
	s, now := New(Config{}), time.Now()
	for i := range 1_000_000 {
		ip := netip.AddrFrom4([4]byte{byte(11 + i>>21), byte(i >> 13), byte(i >> 5), byte(i)})
		s.Announce([20]byte{byte(i), byte(i >> 8), byte(i % 3)}, netip.AddrPortFrom(ip, 6881), false, DHT, now)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.Held(now)
	}
}
