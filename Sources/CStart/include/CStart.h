// Nothing is called by its name: who is linked with this has it.
