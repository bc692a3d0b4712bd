package dhtcore

import (
	"bytes"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/needs"
)

// What dumpcap captures of a node must be the packets that the node itself has logged.
func TestACaptureOfDumpcapHasThePacketsThatTheNodeLogged(t *testing.T) {
	dumpcap := needs.Program(t, "dumpcap", "wireshark-common")
	ip := needs.Program(t, "ip", "iproute2")
	if !needs.OwnNetwork(t) {
		return
	}
	if out, err := exec.Command(ip, "link", "set", "lo", "up").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	path := filepath.Join(t.TempDir(), "lo.pcapng")
	cmd := exec.Command(dumpcap, "-q", "-i", "lo", "-f", "udp", "-w", path)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		cmd.Wait()         //nolint:errcheck // it was killed
	})
	marker, err := net.Dial("udp4", "127.0.0.1:9")
	if err != nil {
		t.Fatal(err)
	}
	defer marker.Close()
	captured := func(mark string) {
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); ; pauseFor(t.Context(), 20*time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("dumpcap has not captured %q in 20 s", mark)
			}
			marker.Write([]byte(mark)) //nolint:errcheck // it is refused, after it was sent
			if file, err := os.ReadFile(path); err == nil && bytes.Contains(file, []byte(mark)) {
				return
			}
		}
	}
	captured("it has begun")

	var nodes []*Explorer
	for i := range 3 {
		nodes = append(nodes, start(t, Config{Bind: []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 1, byte(1 + i)})}, Port: 6881, NoIPv6: true,
			Bootstrap: []string{"127.0.1.1:6881"}}))
	}
	v := nodes[2].NewViewer()
	defer v.Close()
	see(t, v, nil)
	eventually(t, v, "joining", func(s *Snapshot) bool { return s.Phase == Serving })
	hash := ID{0x36, 0x44}
	nodes[1].Announce(t.Context(), hash, 999, false)
	nodes[2].Lookup(t.Context(), hash)
	live := eventually(t, v, "the packets of a lookup", func(s *Snapshot) bool {
		return slices.ContainsFunc(s.Packets.Log, func(p *Packet) bool { return p.Target == hash && p.Kind == KindReply && p.Way == In })
	})
	captured("it ends")

	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got := make(map[string]*Packet)
	sum, err := ReadCapture(t.Context(), file, live.Nodes[0].Addr, func(s *Snapshot) error {
		for _, p := range s.Packets.Log {
			got[p.Way.String()+p.Addr.String()+string(p.Payload)] = p
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%+v, %v", sum, err)
	}
	if len(live.Packets.Log) < 4 {
		t.Fatalf("the node has logged %d packets", len(live.Packets.Log))
	}
	for _, want := range live.Packets.Log {
		p := got[want.Way.String()+want.Addr.String()+string(want.Payload)]
		switch {
		case p == nil:
			t.Errorf("%s %s %s of %s is not in the capture", want.Way, KindName(want.Kind), want.MethodName(), want.Addr)
		case p.Kind != want.Kind || p.Self != want.Self || p.Size != want.Size:
			t.Errorf("captured %+v, logged %+v", p, want)
		case want.Kind != KindQuery && want.Took == 0: // the node did not log the query
		case p.Method != want.Method || p.Target != want.Target || p.Took > 0 != (want.Took > 0):
			t.Errorf("captured %+v, logged %+v", p, want)
		case want.At.Sub(p.At).Abs() > 10*time.Second:
			t.Errorf("captured at %s, logged at %s", p.At, want.At)
		}
	}
}
