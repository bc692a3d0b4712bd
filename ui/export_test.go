package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// exportTo goes through the export's prompts up to the file name.
func (s *stage) exportTo(format, path string) {
	s.keys("e", "ctrl+u")
	s.typed(format)
	s.keys("enter", "ctrl+u")
	s.typed(path)
	s.keys("enter")
}

func TestExportWritesWhatIsShown(t *testing.T) {
	dir := t.TempDir()
	play(t, func(s *stage) {
		s.keys("e", "ctrl+u")
		s.typed("pdf")
		s.keys("enter")
		s.sees("! unknown format", "pdf▏")
		s.keys("esc")
		s.keys("e", "ctrl+u")
		s.typed("magnet")
		s.keys("enter")
		s.sees("export to dhtop-", ".txt▏", "a file for 3 hashes")
		s.keys("ctrl+u", "enter")
		s.sees("! type the name of a file")
		s.typed(filepath.Join(dir, "no", "such", "dir"))
		s.keys("enter")
		s.sees("! export: ")
		s.exportTo("csv", filepath.Join(dir, "out.csv"))
		s.sees("wrote 3 hashes to")
	})
	got, err := os.ReadFile(filepath.Join(dir, "out.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(got), "\n"); lines != 4 || !strings.Contains(string(got), strings.Repeat("aa", 20)) {
		t.Errorf("wrote %q", got)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("the directory holds %v, %v", left, err)
	}
}

func TestExportNeverOverwritesWithoutAsking(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "mine.ndjson")
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	play(t, func(s *stage) {
		s.exportTo("ndjson", path)
		s.sees("overwrite? ▏", "mine.ndjson exists")
		s.keys("enter")
		s.sees("! type y or n")
		s.typed("n")
		s.keys("enter")
		s.sees("kept ")
		if got, _ := os.ReadFile(path); string(got) != "precious" {
			t.Fatalf("overwrote it with %q", got)
		}
		late := export{rows: s.snap.Hashes.Top, path: path}
		if err := late.write(false); err == nil { // as if the file had come after the question
			t.Error("wrote over a file that had come meanwhile")
		}
		s.exportTo("ndjson", dir)
		s.sees("is no file: type another name")
		s.keys("esc")
		s.exportTo("ndjson", path)
		s.typed("y")
		s.keys("enter")
		s.sees("wrote 3 hashes")
	})
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() < 100 {
		t.Errorf("%v, %v: lost its permissions or was not written", info, err)
	}
}
