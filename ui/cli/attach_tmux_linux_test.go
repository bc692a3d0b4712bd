package cli_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// asked has some hosts on loopback ask a node for a hash of that letter: the more, the higher it ranks.
func asked(t *testing.T, node, letter string, hosts int) {
	t.Helper()
	to, err := net.ResolveUDPAddr("udp4", node)
	if err != nil {
		t.Fatal(err)
	}
	for i := range hosts {
		conn, err := net.DialUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 7, byte(10+i))}, to)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "d1:ad2:id20:abcdefghij0123456789%s20:%se1:q9:get_peers1:t2:aa1:y1:qe", "9:info_hash", strings.Repeat(letter, 20))
		conn.SetReadDeadline(time.Now().Add(patience)) //nolint:errcheck // Read tells
		if _, err := conn.Read(make([]byte, 1500)); err != nil {
			t.Fatal(err)
		}
		conn.Close()
	}
}

// The hashes of the letters, as the screen shows them.
const hashA, hashB, hashC = "41414141", "42424242", "43434343"

func askedForAll(t *testing.T, node string) {
	t.Helper()
	asked(t, node, "A", 4)
	asked(t, node, "B", 3)
	asked(t, node, "C", 2)
}

// startServe starts a node that knows nobody.
func startServe(t *testing.T, addr, dir string) *exec.Cmd {
	t.Helper()
	host, port, _ := strings.Cut(addr, ":")
	cmd := exec.Command(program(t), "serve", "--bind", host, "--port", port, "--no-ipv6", "--bootstrap", "none", "--store", "none", "--data", dir,
		"--http", "none", "--quiet", "--for", "120s", "--config", os.DevNull)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		cmd.Wait()         //nolint:errcheck // it was killed
	})
	eventually(t, "dhtop serve answers a ping", func() bool { return ping(addr) })
	return cmd
}

// Three screens show one node, of which one is "dhtop" itself on the same data directory. What one of them does moves no
// other, commands work, and all of them outlive the node.
func TestThreeScreensOnOneNode(t *testing.T) {
	t.Parallel()
	dir, addr := t.TempDir(), freeAddr(t)
	serve := startServe(t, addr, dir)
	askedForAll(t, addr)
	attach := program(t) + " attach --config /dev/null --data " + dir + "; echo ended $?"
	screens := []*screen{
		onScreen(t, 120, 24, program(t)+" --config /dev/null --data "+dir+" --rate 7 --theme mono; echo ended $?"),
		onScreen(t, 120, 24, attach),
		onScreen(t, 100, 20, attach),
	}
	own, sorts, looks := screens[0], screens[1], screens[2]
	own.awaitMatch(fmt.Sprintf(`attached to serve, pid %d, .*--rate has no effect here`, serve.Process.Pid))
	for _, s := range screens {
		s.keys("2")
		s.awaitMatch(`attached`)
		s.awaitMatch(`▌ +1.? ` + hashA)
	}
	own.awaitMatch(fmt.Sprintf(`attached to serve, pid %d +`, serve.Process.Pid))
	looks.keys("j")
	looks.awaitMatch(`▌ +2.? ` + hashB)
	sorts.keys("r")
	sorts.awaitMatch(`1.? ` + hashC)
	sorts.keys("l") // a command
	sorts.awaitMatch(`look`)
	own.keys("4")
	own.awaitMatch(`4\w{7}.* (done|ended|starv|0 peers|–)`)
	own.keys("2")
	own.awaitMatch(`▌ +1.? ` + hashA)
	if text := looks.text(); !strings.Contains(text, "2  "+hashB) && !strings.Contains(text, "2 "+hashB) {
		t.Errorf("a screen moved:\n%s", text)
	}

	if err := serve.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	serve.Wait() //nolint:errcheck // it was killed
	for _, s := range screens {
		s.awaitMatch(`reconnecting for \d+ s`)
	}
	looks.awaitMatch(`▌ +2.? ` + hashB) // the last picture stays
	again := startServe(t, addr, dir)
	asked(t, addr, "C", 5)
	askedForAll(t, addr)
	own.awaitMatch(fmt.Sprintf(`attached to serve, pid %d +`, again.Process.Pid))
	looks.awaitMatch(`▌ +3.? ` + hashB)
	sorts.awaitMatch(`1.? ` + hashB)
	for _, s := range screens {
		s.keys("q")
		s.awaitMatch(`ended 0`)
	}
	if !ping(addr) {
		t.Error("the node went with its screens")
	}
	if _, err := os.Stat(filepath.Join(dir, "attach.sock")); err != nil {
		t.Error(err)
	}
}
