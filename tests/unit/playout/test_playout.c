#include "playout/audio.h"
int main(void)
{
    return 0;
}
