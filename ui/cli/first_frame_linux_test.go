package cli_test

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"dhtop/dhtcore/needs"
)

// firstFrameWithin is how soon after its start the program has to show something.
const firstFrameWithin = 50 * time.Millisecond

// firstFrameTries is how often it is tried: other tests run meanwhile, and the first start reads the disk.
const firstFrameTries = 40

func TestTheFirstFrameComesAtOnceThoughTheNetworkIsOpenedLater(t *testing.T) {
	best := time.Hour
	for try := 0; best > firstFrameWithin && try < firstFrameTries; try++ {
		best = min(best, firstFrame(t, "demo", "--data", t.TempDir()))
	}
	t.Logf("the first frame after %s", best)
	if best > firstFrameWithin {
		t.Errorf("the first frame took %s at best", best)
	}
}

func TestAnErrorBehindTheSplashIsOneLineOnARestoredTerminal(t *testing.T) {
	t.Parallel()
	taken, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.LocalAddr().String())
	s := onScreen(t, 80, 24, program(t)+" --bootstrap none --bind 127.0.0.1 --port "+port+" --data "+t.TempDir()+"; echo ended $?")
	text := s.await("the shell", func(text string) bool { return strings.Contains(text, "ended 2") })
	if strings.Count(text, "dhtop: ") != 1 || !strings.Contains(text, port+" is in use") || strings.Contains(text, "one moment") {
		t.Errorf("the screen says\n%s", text)
	}
	if flags := s.tmux("display-message", "-p", "#{cursor_flag}#{alternate_on}#{mouse_any_flag}"); strings.TrimSpace(flags) != "100" {
		t.Errorf("cursor, alternate screen, mouse: %q, want 100", flags)
	}
}

// firstFrame is how long the program takes from its start until there is text on its terminal.
func firstFrame(t *testing.T, args ...string) time.Duration {
	t.Helper()
	ours, theirs := terminalPair(t)
	defer ours.Close()
	cmd := exec.Command(program(t), args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs, theirs, theirs
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	start := time.Now()
	err := cmd.Start()
	theirs.Close()
	if err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()                          //nolint:errcheck // it is interrupted
	defer cmd.Process.Signal(syscall.SIGTERM) //nolint:errcheck // as above
	var shown []byte
	buf := make([]byte, 4096)
	for !bytes.Contains(shown, []byte("dhtop")) {
		n, err := ours.Read(buf)
		if err != nil {
			t.Fatalf("the terminal was closed: %v after %q", err, shown)
		}
		shown = append(shown, buf[:n]...)
	}
	took := time.Since(start)
	go func() { // what nobody reads would keep it from ending
		for err == nil {
			_, err = ours.Read(buf)
		}
	}()
	return took
}

// terminalPair opens a pseudo-terminal of 80x24.
func terminalPair(t *testing.T) (ours, theirs *os.File) {
	t.Helper()
	ours, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	needs.NoError(t, err, "a pseudo-terminal")
	var number, locked uint32
	ioctl(t, ours, syscall.TIOCGPTN, unsafe.Pointer(&number))
	ioctl(t, ours, syscall.TIOCSPTLCK, unsafe.Pointer(&locked))
	ioctl(t, ours, syscall.TIOCSWINSZ, unsafe.Pointer(&[4]uint16{24, 80}))
	theirs, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return ours, theirs
}

func ioctl(t *testing.T, f *os.File, request uintptr, arg unsafe.Pointer) {
	t.Helper()
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(arg)); errno != 0 {
		t.Fatal(errno)
	}
}
