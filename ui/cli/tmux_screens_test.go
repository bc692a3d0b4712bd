package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// demo starts the demo on a screen and waits until it serves.
func demo(t *testing.T, w, h int, flags string) *screen {
	t.Helper()
	s := onScreen(t, w, h, program(t)+" demo --data "+t.TempDir()+" "+flags+"; echo ended $?")
	s.awaitMatch(`[●o] serving`)
	return s
}

// ends leaves the explorer and looks at what it leaves behind.
func (s *screen) ends() {
	s.t.Helper()
	s.keys("q")
	s.awaitMatch(`ended 0`)
	if flags := s.tmux("display-message", "-p", "#{cursor_flag}#{alternate_on}#{mouse_any_flag}"); strings.TrimSpace(flags) != "100" {
		s.t.Errorf("cursor, alternate screen, mouse: %q, want 100", flags)
	}
}

func TestTheHashesOnScreen(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 30, "")
	s.keys("2")
	hash := s.awaitMatch(`▌ +1.? ([0-9a-f]{8})`)[1]
	s.keys("/" + hash[:6])
	s.awaitMatch(`filter ` + hash[:6] + ` +1 of`)
	s.keys("Enter")
	s.keys("Enter")
	s.awaitMatch(`hash ` + hash)
	s.keys("Escape")
	s.awaitMatch(`filter ` + hash[:6] + ` +1 of`)
	s.keys("Escape")
	s.await("all hashes", func(text string) bool { return !strings.Contains(text, "filter "+hash[:6]) })
	s.ends()
}

func TestTheRoutingTableOnScreen(t *testing.T) {
	t.Parallel()
	s := demo(t, 80, 24, "")
	s.keys("3")
	s.awaitMatch(`routing table ─+ .*\d+ good`)
	s.awaitMatch(`▌ ● good`)
	s.keys("Enter")
	s.awaitMatch(`(?i)BEP 42`)
	s.keys("P")
	s.awaitMatch(`masked`)
	s.await("no address", func(text string) bool { return !regexp.MustCompile(`127\.\d+\.\d+\.\d+`).MatchString(text) })
	s.ends()
}

func TestALookupOnScreen(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 30, "")
	s.keys("L")
	s.awaitMatch(`look up ▏`)
	s.keys(strings.Repeat("5a", 20), "Enter")
	s.awaitMatch(`5a5a5a5a\S* .*● done`)
	s.keys("Enter")
	s.awaitMatch(`shared bits`)
	s.keys("Escape", "Escape")
	s.awaitMatch(`┌ now ─`)
	s.ends()
}

func TestThePacketsOnScreen(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 30, "")
	s.keys("5")
	s.awaitMatch(`(query|reply) +(ping|find_node|get_peers|sample_infohashes)`)
	s.keys("/query", "Enter")
	s.awaitMatch(`▌ .* query `)
	s.keys("Enter")
	s.awaitMatch(`BEP 5`)
	s.keys("Escape")
	s.awaitMatch(` packets ─`)
	s.ends()
}

func TestTheCrawlOnScreen(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 30, "")
	s.keys("6")
	s.awaitMatch(` crawl ─`)
	s.await("a crawl", func(text string) bool { return !strings.Contains(text, "The crawl is off") })
	s.awaitMatch(`(?m)^ 00  \d+ node`)
	s.tmux("set-buffer", "\x1b[<0;50;10M\x1b[<0;50;10m") // column 50, line 10: the row of 40, 36 cells on
	s.tmux("paste-buffer")
	s.awaitMatch(`(?m)^ 64  \d+ node`)
	s.keys("Enter")
	s.awaitMatch(`crawl of 64`)
	s.keys("Escape")
	s.keys("c")
	s.awaitMatch(`crawl stopped`)
	s.ends()
}

func TestTheTrackerPaneTeaches(t *testing.T) {
	t.Parallel()
	s := demo(t, 60, 16, "--ascii")
	s.keys("7")
	s.awaitMatch(`(?i)tracker`)
	if text := s.text(); strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 }) {
		t.Errorf("not only ASCII:\n%s", text)
	}
	s.ends()
}

func TestHelpPaletteAndDoctorOnScreen(t *testing.T) {
	t.Parallel()
	s := demo(t, 80, 24, "")
	s.keys("?")
	s.awaitMatch(`help: overview`)
	s.keys("Escape")
	s.keys(":doctor")
	s.awaitMatch(`▌ D +doctor +why is it quiet`)
	s.keys("Enter")
	s.awaitMatch(`the doctor: why is it quiet`)
	s.awaitMatch(`port +● ok`)
	s.keys("Escape")
	s.keys("t")
	s.awaitMatch(`theme \S+: --theme`)
	s.keys("m")
	s.awaitMatch(`mouse capture is off`)
	s.await("the mouse released", func(string) bool { // which may come after the frame that says so
		return strings.TrimSpace(s.tmux("display-message", "-p", "#{mouse_any_flag}")) == "0"
	})
	s.ends()
}

func TestAClickOnScreen(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 30, "")
	s.awaitMatch(`▌ +1.*\n.* 2.? .*\n.* 3.? +\S`)
	s.keys("Space") // so that no row moves under the pointer
	row := s.awaitMatch(`frozen(?s).*?\n│ +3.? +(\S+)`)[1]
	s.tmux("set-buffer", "\x1b[<0;10;7M\x1b[<0;10;7m") // column 10, line 7: the third row
	s.tmux("paste-buffer")
	s.awaitMatch(`▌ +3.? +` + regexp.QuoteMeta(row))
	s.ends()
}

func TestSuspendAndResumeDrawAnew(t *testing.T) {
	t.Parallel()
	s := demo(t, 100, 24, "")
	s.keys("C-z")
	s.awaitMatch(`(?i)stopped`)
	s.await("no explorer", func(text string) bool { return !strings.Contains(text, "● serving") })
	s.keys("fg", "Enter")
	s.await("the explorer again", func(text string) bool {
		return strings.HasPrefix(text, " dhtop demo  ● serving") && strings.Contains(text, "? help")
	})
	if flags := s.tmux("display-message", "-p", "#{cursor_flag}#{alternate_on}#{mouse_any_flag}"); strings.TrimSpace(flags) != "011" {
		t.Errorf("cursor, alternate screen, mouse: %q, want 011", flags)
	}
	s.keys("q")
}

func TestQLeavesTheLastFrame(t *testing.T) {
	t.Parallel()
	s := demo(t, 80, 24, "")
	s.keys("Q")
	if text := s.awaitMatch(`(?s)(.*)ended 0`)[1]; !strings.Contains(text, "routing table") {
		t.Errorf("left\n%s", text)
	}
}

// TestACrashRestoresTheTerminal has the runtime dump its stacks and exit, as after a panic of any goroutine.
func TestACrashRestoresTheTerminal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := onScreen(t, 120, 30, "sh -c 'echo $$ > "+dir+"/pid; exec "+program(t)+" demo --data "+dir+"'; echo ended $?")
	s.awaitMatch(`● serving`)
	signalTo(t, filepath.Join(dir, "pid"), syscall.SIGQUIT)
	text := s.await("the shell", func(text string) bool { return strings.Contains(text, "ended 2") })
	files, _ := filepath.Glob(filepath.Join(dir, "crash-*.txt"))
	if len(files) != 1 || !strings.Contains(strings.ReplaceAll(text, "\n", ""), files[0]) {
		t.Fatalf("the stack is in %v, and the screen says\n%s", files, text)
	}
	eventually(t, "the stacks of our goroutines in the file", func() bool { return strings.Contains(read(t, files[0]), "dhtcore.(*Explorer)") })
	if lines := strings.Count(strings.TrimSpace(text[strings.Index(text, "dhtop crashed"):strings.Index(text, "ended 2")]), "\n"); lines > 1 { // a long path wraps
		t.Errorf("more than a line:\n%s", text)
	}
	if flags := s.tmux("display-message", "-p", "#{cursor_flag}#{alternate_on}#{mouse_any_flag}"); strings.TrimSpace(flags) != "100" {
		t.Errorf("cursor, alternate screen, mouse: %q, want 100", flags)
	}
}

func TestLosingTheTerminalEndsTheProgramWithinASecond(t *testing.T) {
	t.Parallel()
	for name, prefix := range map[string]string{"with a signal": "", "without one": "trap '' HUP; "} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pidFile := filepath.Join(t.TempDir(), "pid")
			s := onScreen(t, 80, 24, "sh -c \""+prefix+"echo \\$\\$ > "+pidFile+"; exec "+program(t)+" demo --data "+t.TempDir()+"\"")
			s.awaitMatch(`● serving`)
			pid := number(t, strings.TrimSpace(read(t, pidFile)))
			s.tmux("new-window", "-d", "sleep 60") // so that there is still a tmux to look at
			s.tmux("kill-pane")
			began := time.Now()
			eventually(t, "the end of process "+strconv.Itoa(pid), func() bool {
				_, err := os.Stat("/proc/" + strconv.Itoa(pid) + "/exe")
				return err != nil
			})
			if took := time.Since(began); took > 2*time.Second { // a second, on a machine that does nothing else
				t.Errorf("it took %v", took)
			}
		})
	}
}
