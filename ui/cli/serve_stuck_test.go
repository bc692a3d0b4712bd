package cli_test

import (
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// askMany sends so many get_peers queries to a node, each for another hash, and reads the replies.
func askMany(t *testing.T, addr string, n int) (answered int) {
	t.Helper()
	conn, err := net.Dial("udp4", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	reply := make([]byte, 1500)
	for i := range n {
		hash := make([]byte, 20)
		binary.BigEndian.PutUint32(hash, uint32(i)+1)
		if _, err := fmt.Fprintf(conn, "d1:ad2:id20:abcdefghij01234567899:info_hash20:%se1:q9:get_peers1:t2:aa1:y1:qe", hash); err != nil {
			t.Fatal(err)
		}
		conn.SetReadDeadline(time.Now().Add(patience)) //nolint:errcheck // Read tells
		if _, err := conn.Read(reply); err == nil {
			answered++
		}
	}
	return answered
}

func TestANodeWhoseLogNobodyReadsAnswersAndEndsInTime(t *testing.T) {
	t.Parallel()
	addr, dir := freeAddr(t), t.TempDir()
	_, port, _ := net.SplitHostPort(addr)
	cmd := exec.Command(program(t), "serve", "--bind", "127.0.0.1", "--port", port, "--no-ipv6", "--bootstrap", "none", "--data", dir,
		"--http", "none", "--inbound-rate", "0", "--inbound-per-ip", "0", "--log-rate", "0")
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() // nobody reads it
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	defer cmd.Process.Kill() //nolint:errcheck // it has ended
	eventually(t, "it answers", func() bool { return ping(addr) })
	const queries = 3000 // whose lines fill the pipe several times
	if n := askMany(t, addr, queries); n != queries {
		t.Errorf("%d of %d queries were answered", n, queries)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Skip("this system has no SIGTERM: ", err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("SIGTERM: %v", err)
		}
	case <-time.After(patience):
		t.Fatal("it goes on after SIGTERM")
	}
	if _, err := os.Stat(filepath.Join(dir, "dhtop.db")); err != nil {
		t.Error(err)
	}
	out := runProgram(t, "export", "--format", "magnet", "--data", dir, "--limit", "5000")
	if len(out) == 0 {
		t.Error("the counts are not saved")
	}
}
