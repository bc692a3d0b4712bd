package terminal

import "os"

func NotifyResize(chan<- os.Signal) {}

const CanStop = false

func StopProcess() {}
