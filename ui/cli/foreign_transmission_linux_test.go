package cli_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/needs"
)

// Transmission's DHT takes nobody at a loopback address, so it and dhtop meet in a network of their own. It
// does nothing there before it knows nine nodes.
const (
	dhtopHost        = "10.77.0.1"
	dhtopPort        = 6881 // of the first node; the others follow it
	dhtopNodes       = 8    // of each of two processes
	transmissionHost = "10.77.0.2"
	transmissionPort = 51413
)

// transmissionPatience is how long Transmission may take: it greets a node every two seconds, and draws the
// time of the first announce of a torrent from the next 20.
const transmissionPatience = 60 * time.Second

func TestTransmissionAndDhtopFindWhatTheOtherAnnounces(t *testing.T) {
	t.Parallel()
	daemon := needs.Program(t, "transmission-daemon", "transmission-daemon")
	if !inOwnNetwork(t) {
		return
	}
	var known []netip.AddrPort
	for i := range uint16(2 * dhtopNodes) {
		known = append(known, netip.AddrPortFrom(netip.MustParseAddr(dhtopHost), dhtopPort+i))
	}
	nodes := []string{"--vantages", fmt.Sprint(dhtopNodes)}
	dhtop := serveAt(t, known[0].String(), nodes...)
	serveAt(t, known[dhtopNodes].String(), nodes...)
	network := []string{"--bind", dhtopHost, "--port", "0", "--no-ipv6", "--bootstrap", dhtop.addr, "--data", t.TempDir(), "--store", "none"}
	run := func(command ...string) []byte { return runProgram(t, append(command, network...)...) }

	peer, err := net.Listen("tcp", net.JoinHostPort(dhtopHost, "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	hash := randomHash()
	ours := netip.MustParseAddrPort(peer.Addr().String())
	run("announce", hash, "--peer-port", fmt.Sprint(ours.Port()))

	api := startTransmission(t, daemon, known)
	theirs := netip.AddrPortFrom(netip.MustParseAddr(transmissionHost), transmissionPort)
	dhtop.await(t, "node_joined", "", theirs.String())
	addMagnet(t, api, "magnet:?xt=urn:btih:"+hash)

	if got, want := handshake(t, peer), hash; got != want {
		t.Errorf("transmission came to our peer for %q, not for %s", got, want)
	}
	dhtop.await(t, "announced", hash, theirs.String())
	if out := run("peers", hash); !strings.Contains(string(out), "\n"+theirs.String()+"\n") {
		t.Errorf("transmission announced, and dhtop found\n%s", out)
	}
}

// inOwnNetwork runs the test again in a network namespace that has nothing but lo with two more addresses,
// and reports the result. It returns true there, and false here.
func inOwnNetwork(t *testing.T) bool {
	t.Helper()
	ip := needs.Program(t, "ip", "iproute2")
	if !needs.OwnNetwork(t) {
		return false
	}
	for _, args := range [][]string{{"link", "set", "lo", "up"}, {"addr", "add", dhtopHost + "/24", "dev", "lo"},
		{"addr", "add", transmissionHost + "/24", "dev", "lo"}} {
		if out, err := exec.Command(ip, args...).CombinedOutput(); err != nil {
			t.Fatalf("ip %q: %v\n%s", args, err, out)
		}
	}
	return true
}

// startTransmission runs a Transmission that remembers nodes from an earlier run, and returns the address
// of its API.
func startTransmission(t *testing.T, daemon string, nodes []netip.AddrPort) (api string) {
	t.Helper()
	dir := t.TempDir()
	api = freeAddrOn(t, transmissionHost)
	var compact []byte
	for _, n := range nodes {
		ip := n.Addr().As4()
		compact = binary.BigEndian.AppendUint16(append(compact, ip[:]...), n.Port())
	}
	memory := fmt.Appendf(nil, "d2:id20:abcdefghij01234567895:nodes%d:%se", len(compact), compact)
	settings, err := json.Marshal(map[string]any{
		"bind-address-ipv4": transmissionHost, "peer-port": transmissionPort, "dht-enabled": true,
		"rpc-bind-address": transmissionHost, "rpc-port": netip.MustParseAddrPort(api).Port(),
		"rpc-whitelist-enabled": false, "rpc-host-whitelist-enabled": false,
		"utp-enabled": false, "lpd-enabled": false, "pex-enabled": false, "port-forwarding-enabled": false,
		"encryption": 0, "download-dir": dir, // 0: it says in clear what it came for
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"settings.json": settings, "dht.dat": memory} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), daemon, "--foreground", "--config-dir", dir)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // t.Context has ended, and the process with it
		cmd.Wait() //nolint:errcheck // killed
		if t.Failed() {
			t.Logf("transmission said:\n%s", &said)
		}
	})
	return api
}

// addMagnet adds a torrent, once the API is up.
func addMagnet(t *testing.T, api, link string) {
	t.Helper()
	eventually(t, "transmission takes the torrent", func() bool {
		_, ok := transmission[struct{}](t, api, "torrent-add", map[string]any{"filename": link})
		return ok
	})
}

// hasMetadata reports whether Transmission has the metadata of its one torrent.
func hasMetadata(t *testing.T, api string) bool {
	t.Helper()
	got, ok := transmission[struct {
		Torrents []struct{ MetadataPercentComplete float64 }
	}](t, api, "torrent-get", map[string]any{"fields": []string{"metadataPercentComplete"}})
	return ok && len(got.Torrents) == 1 && got.Torrents[0].MetadataPercentComplete == 1
}

// transmission calls a method of Transmission's API, and reports whether it succeeded. The session is the one that the
// refusal of a first call names.
func transmission[T any](t *testing.T, api, method string, arguments map[string]any) (answer T, ok bool) {
	t.Helper()
	const sessionHeader = "X-Transmission-Session-Id"
	body, err := json.Marshal(map[string]any{"method": method, "arguments": arguments})
	if err != nil {
		t.Fatal(err)
	}
	session := ""
	for range 2 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+api+"/transmission/rpc", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set(sessionHeader, session)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return answer, false
		}
		defer resp.Body.Close()
		session = resp.Header.Get(sessionHeader)
		got := struct {
			Result    string
			Arguments *T
		}{Arguments: &answer}
		if resp.StatusCode == http.StatusOK && json.NewDecoder(resp.Body).Decode(&got) == nil && got.Result == "success" {
			return answer, true
		}
	}
	return answer, false
}

// handshake waits until somebody connects, and returns the info_hash of the handshake (BEP 3).
func handshake(t *testing.T, peer net.Listener) (hash string) {
	t.Helper()
	peer.(*net.TCPListener).SetDeadline(time.Now().Add(transmissionPatience)) //nolint:errcheck // Accept tells
	conn, err := peer.Accept()
	if err != nil {
		t.Fatalf("transmission did not come to the peer that dhtop announced: %v", err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience)) //nolint:errcheck // ReadFull tells
	var hello [1 + 19 + 8 + 20]byte
	if _, err := io.ReadFull(conn, hello[:]); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(hello[28:])
}
