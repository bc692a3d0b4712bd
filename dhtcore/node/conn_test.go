package node_test

import (
	"testing"

	"dhtop/dhtcore/node"
)

func TestAUsedPortIsAClearError(t *testing.T) {
	first := mustListen(t)
	defer first.Close()
	_, err := node.Listen(first.LocalAddr(), 1)
	if err == nil || !contains(err.Error(), "is in use", "--port 0") {
		t.Errorf("got %v", err)
	}
}
