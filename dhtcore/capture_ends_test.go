package dhtcore

import (
	"dhtop/dhtcore/pcapng"
	"dhtop/dhtcore/wire"
	"net/netip"
	"slices"
	"testing"
)

func TestWhichSideIsOursIsGuessed(t *testing.T) {
	addr := netip.MustParseAddrPort
	public, other, six := addr("91.201.41.182:6881"), addr("203.0.113.9:6881"), addr("[2001:db8::5]:6881")
	second := netip.AddrPortFrom(captureOurs.Addr(), 6882)
	type pair struct {
		from, to netip.AddrPort
		way      pcapng.Way
		n        int
	}
	for _, c := range []struct {
		name   string
		pairs  []pair
		wanted netip.AddrPort
		want   []netip.AddrPort
	}{
		{"the one with most messages", []pair{{public, other, 0, 3}, {public, capturePeer(1), 0, 3}, {capturePeer(2), other, 0, 2}}, netip.AddrPort{}, []netip.AddrPort{public}},
		{"a private address of two", []pair{{public, captureOurs, 0, 3}, {captureOurs, public, 0, 3}}, netip.AddrPort{}, []netip.AddrPort{captureOurs}},
		{"the side that the capture tells", []pair{{public, other, pcapng.Outbound, 3}, {other, public, pcapng.Inbound, 3}, {other, capturePeer(1), 0, 4}}, netip.AddrPort{}, []netip.AddrPort{public}},
		{"another identity", []pair{{captureOurs, public, 0, 5}, {second, other, 0, 4}}, netip.AddrPort{}, []netip.AddrPort{captureOurs, second}},
		{"not one that asks the other", []pair{{captureOurs, second, 0, 5}, {second, captureOurs, 0, 4}}, netip.AddrPort{}, []netip.AddrPort{captureOurs}},
		{"IPv6 as well", []pair{{captureOurs, public, 0, 5}, {six, addr("[2001:db8:1::1]:1"), 0, 2}, {addr("[2001:db8:1::2]:1"), six, 0, 2}}, netip.AddrPort{}, []netip.AddrPort{captureOurs, six}},
		{"the wanted one", []pair{{captureOurs, public, 0, 5}, {public, other, 0, 1}}, other, []netip.AddrPort{other}},
		{"one at the wanted address", []pair{{captureOurs, public, 0, 5}, {public, other, 0, 1}}, netip.AddrPortFrom(other.Addr(), 0), []netip.AddrPort{other}},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := newCaptureFile(t)
			for _, p := range c.pairs {
				for range p.n {
					file.add(captureBegan, p.way, p.from, p.to, wire.AppendQuery(nil, ID{1}, []byte("aa"), false, &wire.Query{Method: wire.Ping}))
				}
			}
			if _, sum := file.read(t, c.wanted); !slices.Equal(sum.Ours, c.want) || sum.Guessed == (c.wanted.Port() != 0) {
				t.Errorf("%+v, want %v", sum, c.want)
			}
		})
	}
}
