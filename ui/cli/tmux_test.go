package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"dhtop/dhtcore/needs"
)

// screen is the real program in a real terminal, driven by tmux.
type screen struct {
	t      *testing.T
	socket string
}

// onScreen starts a shell in a terminal of the given size and types the command there.
func onScreen(t *testing.T, w, h int, command string) *screen {
	t.Helper()
	needs.Program(t, "tmux", "tmux")
	s := &screen{t, filepath.Join(t.TempDir(), "tmux")}
	s.tmux("-f", "/dev/null", "new-session", "-d", "-x", strconv.Itoa(w), "-y", strconv.Itoa(h), "env PS1='shell> ' sh")
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the screen at the end:\n%s", s.text())
		}
		s.tmux("kill-server")
	})
	s.await("a shell", func(text string) bool { return strings.Contains(text, "shell>") })
	s.keys(command, "Enter")
	return s
}

func (s *screen) tmux(args ...string) string {
	s.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", s.socket}, args...)...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("tmux %q: %v\n%s", args, err, out)
	}
	return string(out)
}

func (s *screen) keys(keys ...string) { s.tmux(append([]string{"send-keys"}, keys...)...) }
func (s *screen) text() string        { return s.tmux("capture-pane", "-p") }

// await waits until the screen shows what it should.
func (s *screen) await(what string, ok func(text string) bool) string {
	s.t.Helper()
	var text string
	eventually(s.t, what+" on the screen", func() bool { text = s.text(); return ok(text) })
	return text
}

func (s *screen) awaitMatch(pattern string) []string {
	s.t.Helper()
	var found []string
	s.await(pattern, func(text string) bool {
		found = regexp.MustCompile(pattern).FindStringSubmatch(text)
		return found != nil
	})
	return found
}

// number reads a count such as 12,408.
func number(t *testing.T, s string) int {
	n, err := strconv.Atoi(strings.ReplaceAll(s, ",", ""))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheDemoLivesInATerminal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "top.csv")
	s := onScreen(t, 120, 30, "cd "+dir+" && "+program(t)+" demo --seed 5; echo ended $?")

	first := s.awaitMatch(`● serving.*v4 (\d+)\+`)
	s.awaitMatch(`routing table ─+ \d+ good`)
	s.awaitMatch(`lookups ─+`)
	seen := number(t, s.awaitMatch(`hashes ─.*── ([1-9][\d,]*) seen`)[1])
	s.await("more hashes", func(string) bool { return number(t, s.awaitMatch(`── ([\d,]+) seen`)[1]) > seen })
	s.await("more nodes", func(string) bool { return number(t, s.awaitMatch(`v4 (\d+)\+`)[1]) > number(t, first[1]) })
	s.await("requests", func(text string) bool { return strings.Contains(text, "requested") })

	s.keys("2")
	hash := s.awaitMatch(`▌ +1.? +([0-9a-f]{8})`)[1]
	s.keys("l")
	s.keys("4")
	s.awaitMatch(hash + `\S* .*● done .* [1-9]\d* `)
	s.keys("2")
	s.keys("e")
	s.await("the export's question", func(text string) bool { return strings.Contains(text, "csv") })
	s.exportTo(file)
	rows := strings.Split(strings.TrimSpace(read(t, file)), "\n")
	if !strings.HasPrefix(rows[0], "rank,info_hash,name,requests") || len(rows) < 2 {
		t.Errorf("the export starts %q and has %d lines", rows[0], len(rows))
	}

	for _, size := range [][2]int{{40, 10}, {120, 30}, {30, 5}, {200, 60}, {120, 30}} {
		s.tmux("resize-window", "-x", strconv.Itoa(size[0]), "-y", strconv.Itoa(size[1]))
		s.await(fmt.Sprintf("a frame of %dx%d", size[0], size[1]), func(text string) bool {
			lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
			if size[0] < 40 {
				return strings.Contains(text, "needs 40x8")
			}
			return strings.Contains(lines[0], "dhtop") && !strings.Contains(text, "needs 40x8")
		})
	}

	s.keys("1")
	s.await("the overview", func(text string) bool { return strings.Contains(text, "┌ now ─") })
	s.keys("q")
	after := s.await("the shell", func(text string) bool { return strings.Contains(text, "ended 0") })
	if strings.Contains(after, "routing table") {
		t.Errorf("the alternate screen was left behind:\n%s", after)
	}
	if flags := s.tmux("display-message", "-p", "#{cursor_flag}#{alternate_on}#{mouse_any_flag}"); strings.TrimSpace(flags) != "100" {
		t.Errorf("cursor, alternate screen, mouse: %q, want 100", flags)
	}
}

// exportTo answers the questions of the export: the format stands already, then the file.
func (s *screen) exportTo(file string) {
	s.t.Helper()
	s.keys("Enter")
	s.await("the file's question", func(text string) bool { return strings.Contains(text, "file") })
	s.keys("C-u")
	s.keys(file, "Enter")
	s.awaitMatch(`wrote \d+ hashes`)
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestASignalRestoresTheTerminal(t *testing.T) {
	t.Parallel()
	pidFile := filepath.Join(t.TempDir(), "pid")
	s := onScreen(t, 80, 24, "sh -c 'echo $$ > "+pidFile+"; exec "+program(t)+" demo'; echo ended $?")
	s.awaitMatch(`● serving`)
	signalTo(t, pidFile, syscall.SIGTERM)
	s.await("the shell", func(text string) bool { return strings.Contains(text, "ended 130") })
	if flags := s.tmux("display-message", "-p", "#{cursor_flag}#{alternate_on}"); strings.TrimSpace(flags) != "10" {
		t.Errorf("cursor and alternate screen: %q, want 10", flags)
	}
}

func TestWithoutANetworkTheScreenSaysSoAndStays(t *testing.T) {
	t.Parallel()
	s := onScreen(t, 120, 30, program(t)+" --bind 127.0.0.1 --port 0 --no-ipv6 --bootstrap host.invalid:6881 --store none --data "+t.TempDir()+"; echo ended $?")
	s.awaitMatch(`offline`)
	s.awaitMatch(`Next try in`)
	s.keys("q")
	s.await("the shell", func(text string) bool { return strings.Contains(text, "ended 0") })
}

func TestNoColorShowsNone(t *testing.T) {
	t.Parallel()
	s := onScreen(t, 100, 24, program(t)+" demo --no-color")
	s.awaitMatch(`● serving`)
	if colour := regexp.MustCompile(`\x1b\[[0-9;]*(3[0-8]|4[0-8]|9[0-7])`).FindString(s.tmux("capture-pane", "-e", "-p")); colour != "" {
		t.Errorf("the screen has the colour %q", colour)
	}
}

// signalTo sends a signal to the process whose ID is in pidFile.
func signalTo(t *testing.T, pidFile string, sig os.Signal) {
	t.Helper()
	p, err := os.FindProcess(number(t, strings.TrimSpace(read(t, pidFile))))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Signal(sig); err != nil {
		t.Fatal(err)
	}
}
