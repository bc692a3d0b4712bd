package store

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		child()
		return
	}
	code := m.Run()
	if os.Getenv("DHTOP_POSTGRES") != "" {
		if s, err := theServer(); err == nil {
			if err := s.stop(); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
			os.RemoveAll(s.dir)
		}
	}
	os.Exit(code)
}
