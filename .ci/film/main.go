// Command film makes the pictures of the README: it plays a script of keys to the demo under tmux, looks at the screen
// again and again, and writes what it saw as SVG, a film and stills.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The size of the terminal in the pictures.
const (
	width  = 120
	height = 30
)

func main() {
	program := flag.String("program", "", "the dhtop to film")
	dir := flag.String("dir", ".github", "where the pictures go")
	flag.Parse()
	if err := film(*program, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "film:", err)
		os.Exit(1)
	}
}

// film plays the script and writes the pictures into dir.
func film(program, dir string) error {
	if program == "" {
		return errors.New("--program names the dhtop to film")
	}
	work, err := os.MkdirTemp("", "film-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work) //nolint:errcheck // there is nothing in it but a socket
	t := terminal(filepath.Join(work, "tmux"))
	defer t.tmux("kill-server") //nolint:errcheck // the server may have ended with the program
	if _, err := t.tmux("new-session", "-d", "-x", strconv.Itoa(width), "-y", strconv.Itoa(height),
		program+" demo --seed 7 --theme dark --store none --port 0 --graphs braille"); err != nil {
		return err
	}
	if _, err := t.tmux("set", "-g", "status", "off"); err != nil {
		return err
	}
	var reel []frame
	for _, s := range script {
		frames, err := t.play(s)
		if err != nil {
			return err
		}
		if len(frames) == 0 {
			continue
		}
		reel = append(reel, frames...)
		if s.still != "" {
			if err := write(filepath.Join(dir, s.still+".svg"), []frame{frames[len(frames)-1]}); err != nil {
				return err
			}
		}
	}
	return write(filepath.Join(dir, "demo.svg"), reel)
}

func write(path string, reel []frame) error {
	svg := draw(reel)
	fmt.Printf("%s  %d frames, %d KB\n", path, len(reel), len(svg)/1000)
	return os.WriteFile(path, []byte(svg), 0o644) //nolint:gosec // a picture is for everybody
}

// frame is the screen for a while.
type frame struct {
	rows  []row
	lasts time.Duration
}

// terminal is a tmux server of our own, by the path of its socket.
type terminal string

func (t terminal) tmux(args ...string) (string, error) {
	cmd := exec.Command("tmux", append([]string{"-S", string(t), "-f", os.DevNull}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "NO_COLOR=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("tmux %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return string(out), nil
}

// play presses the keys of a scene and films what comes, frame by frame.
func (t terminal) play(s scene) (reel []frame, err error) {
	for i, key := range strings.Fields(s.keys) {
		if i > 0 {
			time.Sleep(keyPause)
		}
		if _, err := t.tmux("send-keys", key); err != nil {
			return nil, err
		}
	}
	time.Sleep(keyPause) // the first frame shows what the keys did
	end := time.Now().Add(s.lasts)
	if s.every == 0 {
		time.Sleep(s.lasts)
		return nil, nil
	}
	for next := time.Now(); next.Before(end); next = next.Add(s.every) {
		time.Sleep(time.Until(next))
		screen, err := t.tmux("capture-pane", "-e", "-p")
		if err != nil {
			return nil, err
		}
		reel = append(reel, frame{rows: parse(screen), lasts: s.every})
	}
	return reel, nil
}
