package dhtcore

import (
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/doctor"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// oddHost answers every query at its address as answer does, from the socket that this returns.
func oddHost(t *testing.T, a *away, answer func(tid string) (packet string, elsewhere bool)) (host string) {
	t.Helper()
	addr, other := netip.MustParseAddrPort("81.2.70.1:6881"), netip.MustParseAddrPort("81.2.70.2:6881")
	var socks [2]node.Conn
	for i, at := range []netip.AddrPort{addr, other} {
		conn, err := a.mem.Listen(at)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		socks[i] = conn
	}
	go func() {
		for {
			ps := []node.Packet{{Buf: make([]byte, 0, 2048)}}
			if _, err := socks[0].ReadBatch(ps); err != nil {
				return
			}
			var m wire.Message
			if wire.Scan(ps[0].Buf, &m) != nil || m.Kind != wire.KindQuery {
				continue
			}
			packet, elsewhere := answer(string(m.TID))
			from := socks[0]
			if elsewhere {
				from = socks[1]
			}
			if _, err := from.WriteBatch([]node.Packet{{Buf: []byte(packet), Addr: ps[0].Addr}}); err != nil {
				return
			}
		}
	}()
	return addr.String()
}

const oddID = "2:id20:abcdefghij0123456789"

func TestABootstrapHostThatAnswersOddlyIsToldAsSuch(t *testing.T) {
	for what, c := range map[string]struct {
		answer func(tid string) (string, bool)
		want   string
	}{
		"a server error": {func(tid string) (string, bool) { return "d1:eli202e12:Server Errore1:t2:" + tid + "1:y1:ee", false },
			"No network: the bootstrap host 81.2.70.1:6881 answers with error 202 (Server Error). Wait until it recovers, or pass another --bootstrap HOST:PORT."},
		"an unknown method, with escapes": {func(tid string) (string, bool) { return "d1:eli204e7:\x1b[2Jabce1:t2:" + tid + "1:y1:ee", false },
			"answers with error 204 ("},
		"garbage": {func(string) (string, bool) { return "HTTP/1.1 400 Bad Request", false },
			"No network: the bootstrap host 81.2.70.1:6881 does not answer as a DHT node: what comes from there is no message of the DHT. Check its address and port"},
		"another transaction": {func(string) (string, bool) { return "d1:rd" + oddID + "e1:t3:zzz1:y1:re", false },
			"its replies belong to no query of ours. "},
		"no ID": {func(tid string) (string, bool) { return "d1:rde1:t2:" + tid + "1:y1:re", false },
			"does not answer as a DHT node: its replies lack its ID, or are broken. "},
		"another address": {func(tid string) (string, bool) { return "d1:rd" + oddID + "e1:t2:" + tid + "1:y1:re", true },
			"its replies come from another address. "},
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := startAway(t, 2, func(a *away) { a.joiner.hosts = []string{oddHost(t, a, c.answer)} })
				s, _ := a.until(t, "outage", 10*time.Second, func(s *Snapshot) bool { return s.Outage.Kind == Misanswered && s.Notice() != "" })
				if !strings.Contains(s.Notice(), c.want) || s.Phase != Offline || strings.Contains(s.Notice(), "\x1b") {
					t.Errorf("%s: %q, want %q", s.Phase, s.Notice(), c.want)
				}
				if f := Diagnose(s)[0]; f.Verdict != doctor.Fail || f.Remedy == "" || !strings.Contains(f.Text, "81.2.70.1:6881") {
					t.Errorf("the doctor says %+v", f)
				}
				for range 120 { // it stays so, whatever the host answers
					time.Sleep(time.Second)
					if s := a.Snapshot(); s.Outage.Kind != Misanswered {
						t.Fatalf("after a while: %+v", s.Outage)
					}
				}
			})
		})
	}
}

func TestAnOddHostBesideAGoodOneIsLoggedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := startAway(t, 12, func(a *away) {
			a.joiner.hosts = append([]string{oddHost(t, a, func(tid string) (string, bool) {
				return "d1:eli201e5:oh noe1:t2:" + tid + "1:y1:ee", false
			})}, a.hosts...)
		})
		a.until(t, "network", time.Minute, isOnline)
		time.Sleep(5 * time.Minute)
		if s := a.Snapshot(); !isOnline(s) {
			t.Errorf("%s, notices %q", s.Phase, s.Notices)
		}
		warnings := 0
		events, _ := a.EventsAfter(nil, 0, 1<<14)
		for i := range events {
			if strings.Contains(events[i].Text, "answers with error 201 (oh no)") {
				warnings++
			}
		}
		if warnings != 1 {
			t.Errorf("%d warnings", warnings)
		}
	})
}
